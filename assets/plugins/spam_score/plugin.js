// Guesses how likely a call is unwanted. Needs nothing but the number.

const score = (number, prefixes) => {
    if (number === null) return 40;
    let points = 0;
    if (prefixes.some((prefix) => number.startsWith(prefix))) points += 70;
    // Machines like numbers that repeat themselves: +1 415 555 5555.
    if (/(\d)\1{5,}/.test(number)) points += 50;
    if (/(\d\d)\1{3,}/.test(number)) points += 30;
    return Math.min(points, 100);
};

export function facts(call, settings) {
    const points = score(call.from, settings.prefixes);
    return { 'spam.score': points, 'spam.likely': points >= settings.limit };
}
