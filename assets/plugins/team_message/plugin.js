/// <reference path="../../plugin-template/plugin.d.ts" />
// Writes to the incoming webhook of a Slack channel, or to the workflow behind a Teams channel.

const inWords = ({ title, text }, words) => words.replaceAll('{title}', title).replaceAll('{text}', text);

const card = (text) => ({
    type: 'message',
    attachments: [
        {
            contentType: 'application/vnd.microsoft.card.adaptive',
            content: { type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text, wrap: true }] },
        },
    ],
});

export async function notice(record, settings) {
    // Where much happens at once, the others are under "more".
    const lines = [record, ...(record.more ?? [])].map((each) => inWords(each, settings.words));
    const text = lines.join('\n');
    const isSlack = settings.address.startsWith('https://hooks.slack.com/');
    const answer = await fetch(settings.address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(isSlack ? { text } : card(text)),
    });
    if (!answer.ok) throw new Error(`the channel answered ${answer.status}`);
}
