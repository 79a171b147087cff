/// <reference path="../../plugin-template/plugin.d.ts" />
// Asks https://open-meteo.com what the weather is at the owner's place. It needs no key.

export async function facts(call, settings) {
    const place = `latitude=${settings.latitude}&longitude=${settings.longitude}`;
    const answer = await fetch(`https://api.open-meteo.com/v1/forecast?${place}&current=precipitation,temperature_2m`);
    if (!answer.ok) throw new Error(`the weather service answered ${answer.status}`);
    const { current } = await answer.json();
    return {
        'weather.raining': current.precipitation >= settings.rain_from,
        'weather.temperature': current.temperature_2m,
    };
}
