// What a Switchboard plugin is given and gives back. Contract 1.
// Begin plugin.js with:  /// <reference path="./plugin.d.ts" />

/** A call that came in. Later versions may tell more. */
interface Call {
    /** The caller's number, such as "+14155552671"; null if it is withheld. */
    readonly from: string | null;
    /** The number that was called. */
    readonly to: string;
    /** The id of the line's own agent at Retell, if it has one. */
    readonly agent: string | null;
    /** A call, or a text message. */
    readonly medium: 'call' | 'text';
    /** When, in the business's own time zone: "2026-05-01T10:00:00+02:00". */
    readonly at: string;
}

/** A row of a setting of type "table", by the names of its columns. */
type Row = Record<string, string | number | boolean | null>;

/** What the owner filled in, by the names in plugin.toml: of a "file" the text, of a "duration" seconds. */
type Settings = Record<string, string | number | boolean | string[] | Row[] | null>;

/** What `export function notice(record, settings)` is told. Later versions may tell more. */
interface Notice {
    /** A call was answered, calls do not arrive, they do again, or the owner tries it. */
    readonly kind: 'call' | 'outage' | 'recovery' | 'test';
    /** In a line: "Ada called Main line: connected to Reception". */
    readonly title: string;
    /** What else there is to say; may be empty. */
    readonly text: string;
    /** When: "2026-05-01T10:00:00+02:00". */
    readonly at: string;
    /** The call, if it is about one. */
    readonly call?: {
        /** Its number in the log. */
        readonly id: number;
        readonly from: string | null;
        /** The caller's name, if it is known. */
        readonly caller: string | null;
        readonly to: string;
        /** What the owner calls that line. */
        readonly line: string | null;
        readonly medium: 'call' | 'text';
        readonly outcome: 'connect' | 'keep' | 'reject';
        /** The name of the agent connected. */
        readonly agent: string | null;
        /** The name of the rule that decided; null for the fallback. */
        readonly rule: string | null;
        /** Something failed on the way, and the fallback answered for it. */
        readonly broke: boolean;
    };
    /** What else happened, where much happens at once. */
    readonly more?: Notice[];
}

/** Facts by the names in plugin.toml. What is left out, or null, is not known. */
type Facts = Record<string, string | number | boolean | string[] | null | undefined>;

interface FetchOptions {
    method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    headers?: Record<string, string>;
    body?: string;
}

interface FetchAnswer {
    readonly ok: boolean;
    readonly status: number;
    readonly url: string;
    text(): Promise<string>;
    json(): Promise<any>;
}

/** Asks a server that plugin.toml names under [allow]. At most four times for a call, one after the other. */
declare function fetch(url: string, options?: FetchOptions): Promise<FetchAnswer>;

/** Writes into the plugin's log in the window: at most 20 lines for a call. Secrets are hidden. */
declare const console: Record<'log' | 'info' | 'warn' | 'error' | 'debug', (...values: unknown[]) => void>;
