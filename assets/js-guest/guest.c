/*
 * A JavaScript engine as a guest: it loads one module, plugin.js, and asks what that exports.
 * It reaches nothing but the three functions of the host. See ARCHITECTURE.md and build.sh.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "quickjs.h"

#define IMPORT(name) __attribute__((import_module("host"), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

IMPORT("log") void host_log(const char *text, int len);
IMPORT("fetch") int host_fetch(const char *request, int len);
IMPORT("take") void host_take(char *into);

static const char PRELUDE[] = {
#embed "prelude.js"
    , 0};

static JSContext *ctx;
static JSValue plugin, answer, failure;

EXPORT("alloc") char *guest_alloc(int len) { return malloc((size_t)len + 1); }

static JSValue send_out(JSContext *c, JSValueConst self, int count, JSValueConst *args) {
    size_t len;
    const char *request = JS_ToCStringLen(c, &len, args[0]);
    if (!request) return JS_EXCEPTION;
    int reply_len = host_fetch(request, (int)len);
    JS_FreeCString(c, request);
    char *reply = malloc((size_t)reply_len + 1);
    if (!reply) return JS_ThrowOutOfMemory(c);
    host_take(reply);
    JSValue text = JS_NewStringLen(c, reply, (size_t)reply_len);
    free(reply);
    return text;
}

static JSValue write_log(JSContext *c, JSValueConst self, int count, JSValueConst *args) {
    size_t len;
    const char *text = JS_ToCStringLen(c, &len, args[0]);
    if (!text) return JS_EXCEPTION;
    host_log(text, (int)len);
    JS_FreeCString(c, text);
    return JS_UNDEFINED;
}

/* The engine's own generator is part of the memory that each ask starts from. */
static JSValue random_number(JSContext *c, JSValueConst self, int count, JSValueConst *args) {
    uint64_t bits = 0;
    getentropy(&bits, sizeof bits);
    return JS_NewFloat64(c, (double)(bits >> 11) / 9007199254740992.0);
}

static JSModuleDef *no_modules(JSContext *c, const char *name, void *opaque, JSValueConst attributes) {
    JS_ThrowReferenceError(c, "a plugin is one file and cannot import “%s”", name);
    return NULL;
}

/* A text for the host: where it is, and how long. */
static uint64_t out(const char *text, size_t len) { return ((uint64_t)(uintptr_t)text << 32) | len; }

static uint64_t out_value(JSValue value) {
    size_t len;
    const char *text = JS_ToCStringLen(ctx, &len, value);
    if (text) return out(text, len);
    static const char nothing[] = "{\"error\":\"what it answered cannot be written down\"}";
    return out(nothing, sizeof nothing - 1);
}

static uint64_t out_failure(JSValue error) { return out_value(JS_Call(ctx, failure, JS_UNDEFINED, 1, &error)); }

/* Runs what waits until nothing does. */
static void run_jobs(void) {
    JSContext *c;
    while (JS_ExecutePendingJob(JS_GetRuntime(ctx), &c) != 0) {
    }
}

static uint64_t settle(JSValue promise) {
    run_jobs();
    switch (JS_PromiseState(ctx, promise)) {
    case JS_PROMISE_FULFILLED:
        return out_value(JS_PromiseResult(ctx, promise));
    case JS_PROMISE_REJECTED:
        return out_failure(JS_PromiseResult(ctx, promise));
    default: {
        static const char never[] = "{\"error\":\"it waits for something that never comes\"}";
        return out(never, sizeof never - 1);
    }
    }
}

static void start(void) {
    JSRuntime *rt = JS_NewRuntime();
    JS_SetMaxStackSize(rt, 192 * 1024);
    JS_SetModuleLoaderFunc2(rt, NULL, no_modules, NULL, NULL);
    ctx = JS_NewContext(rt);
    JSValue global = JS_GetGlobalObject(ctx);
    JSValue math = JS_GetPropertyStr(ctx, global, "Math");
    JS_SetPropertyStr(ctx, math, "random", JS_NewCFunction(ctx, random_number, "random", 0));
    JSValue prelude = JS_Eval(ctx, PRELUDE, sizeof PRELUDE - 1, "prelude.js", JS_EVAL_TYPE_GLOBAL);
    JSValue args[2] = {JS_NewCFunction(ctx, send_out, "fetch", 1), JS_NewCFunction(ctx, write_log, "log", 1)};
    JSValue both = JS_Call(ctx, prelude, JS_UNDEFINED, 2, args);
    answer = JS_GetPropertyUint32(ctx, both, 0);
    failure = JS_GetPropertyUint32(ctx, both, 1);
    JS_FreeValue(ctx, both);
    JS_FreeValue(ctx, prelude);
    JS_FreeValue(ctx, math);
    JS_FreeValue(ctx, global);
}

/* Loads the plugin's script. An empty answer: it is ready. */
EXPORT("load") uint64_t guest_load(char *text, int len) {
    start();
    text[len] = 0;
    JSValue module = JS_Eval(ctx, text, (size_t)len, "plugin.js", JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
    free(text);
    if (JS_IsException(module)) return out_failure(JS_GetException(ctx));
    JSModuleDef *def = JS_VALUE_GET_PTR(module);
    JSValue done = JS_EvalFunction(ctx, module);
    if (JS_IsException(done)) return out_failure(JS_GetException(ctx));
    run_jobs();
    if (JS_IsPromise(done) && JS_PromiseState(ctx, done) != JS_PROMISE_FULFILLED) return settle(done);
    JS_FreeValue(ctx, done);
    plugin = JS_GetModuleNamespace(ctx, def);
    JS_RunGC(JS_GetRuntime(ctx));
    return 0;
}

/* Asks the plugin: an ask in JSON goes in, an answer in JSON comes out. */
EXPORT("call") uint64_t guest_call(char *text, int len) {
    JS_UpdateStackTop(JS_GetRuntime(ctx));
    JSValue args[2] = {plugin, JS_NewStringLen(ctx, text, (size_t)len)};
    JSValue promise = JS_Call(ctx, answer, JS_UNDEFINED, 2, args);
    return JS_IsException(promise) ? out_failure(JS_GetException(ctx)) : settle(promise);
}
