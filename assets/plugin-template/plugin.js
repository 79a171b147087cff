/// <reference path="./plugin.d.ts" />

/**
 * Asked about each call.
 * @param {Call} call
 * @param {Settings} settings
 */
export async function facts(call, settings) {
    console.log('asked about', call.from);
    return { 'my_plugin.friend': settings.friends.includes(call.from) };
}
