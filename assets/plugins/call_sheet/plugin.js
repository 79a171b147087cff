// Finds the caller in a sheet with the columns number, name, note.

const digits = (text) => text.replace(/\D/g, '');

/** The rows of a CSV, with quoted cells. */
const rows = (csv) => {
    const all = [[]];
    for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
        all.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
        if (end !== ',') all.push([]);
    }
    return all.filter((row) => row.some((cell) => cell !== ''));
};

export async function facts(call, settings) {
    if (call.from === null) return { 'sheet.found': false };
    const answer = await fetch(settings.url, { headers: { accept: 'text/csv' } });
    if (!answer.ok) throw new Error(`the sheet answered ${answer.status}`);
    const wanted = digits(call.from);
    const row = rows(await answer.text()).find(([number]) => digits(number) === wanted);
    if (row === undefined) return { 'sheet.found': false };
    return { 'sheet.found': true, 'sheet.name': row[1] ?? '', 'sheet.note': row[2] ?? '' };
}
