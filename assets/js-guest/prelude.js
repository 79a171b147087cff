// What a plugin finds besides the language itself: fetch, console, and how it is asked.
// Runs once, before the plugin is loaded, and hands the guest two functions.
(function (sendOut, writeLog) {
    'use strict';
    const { parse, stringify } = JSON;

    const inWords = (value) => {
        if (typeof value === 'string') return value;
        if (value instanceof Error) return `${value.name}: ${value.message}`;
        try {
            return stringify(value) ?? String(value);
        } catch {
            return String(value);
        }
    };
    const log = (...values) => writeLog(values.map(inWords).join(' '));
    globalThis.console = Object.freeze({ log, info: log, warn: log, error: log, debug: log });

    class Response {
        #body;
        constructor(status, body, url) {
            this.status = status;
            this.ok = status >= 200 && status < 300;
            this.url = url;
            this.#body = body;
        }
        async text() {
            return this.#body;
        }
        async json() {
            return parse(this.#body);
        }
    }

    globalThis.fetch = async (url, options = {}) => {
        const method = String(options.method ?? 'GET').toUpperCase();
        const headers = {};
        const given = options.headers ?? {};
        for (const [name, value] of Array.isArray(given) ? given : Object.entries(given)) {
            headers[name] = String(value);
        }
        const body = options.body === undefined || options.body === null ? null : String(options.body);
        const reply = parse(sendOut(stringify({ url: String(url), method, headers, body })));
        if (reply.error !== undefined) throw new TypeError(`fetch: ${reply.error}`);
        return new Response(reply.status, reply.body, String(url));
    };

    // The first place in the plugin's own file that a failure passed through.
    const placeOf = (error) => /plugin\.js:\d+(:\d+)?/.exec(error?.stack ?? '')?.[0];
    const failure = (error) => {
        const words = error instanceof Error ? inWords(error) : `it threw ${inWords(error)}`;
        const at = placeOf(error);
        return at === undefined ? { error: words } : { error: words, at };
    };

    const answer = async (plugin, question) => {
        const ask = parse(question);
        const asked = plugin[ask.offer];
        if (typeof asked !== 'function') {
            return stringify({ error: `it has no “export function ${ask.offer}”` });
        }
        const found = await asked(ask.offer === 'notice' ? ask.record : ask.call, ask.settings);
        return stringify(found ?? {}) ?? '{}';
    };

    return [answer, (error) => stringify(failure(error))];
})
