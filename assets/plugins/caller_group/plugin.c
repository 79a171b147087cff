/*
 * A plugin in C: puts each caller into one of several groups, always the same one, so that two ways of
 * answering can be compared. Built by build.sh; any compiler that makes WebAssembly will do.
 *
 * The host hands over a question in JSON and takes an answer in JSON. This one needs two fields of the
 * question and looks for them by hand; take a JSON library for more than that.
 */

#define EXPORT(name) __attribute__((export_name(name)))

/* Each question has an instance of its own, so that nothing has to be given back. */
static char question[64 * 1024 + 1];
static char answer[128];

/* Where the host may put a question of this length. */
EXPORT("alloc") char *alloc(int length) { return length < (int)sizeof question ? question : 0; }

/* What follows `name` in the text; 0 if it is not there. */
static const char *after(const char *text, const char *name) {
    for (; *text; text++) {
        const char *at = text, *letter = name;
        while (*letter && *at == *letter) at++, letter++;
        if (!*letter) return at;
    }
    return 0;
}

static char *put(char *at, const char *text) {
    while (*text) *at++ = *text++;
    return at;
}

/* The same number, mixed well: FNV-1a. */
static unsigned hash(const char *number) {
    unsigned mixed = 2166136261u;
    for (; *number && *number != '"'; number++) mixed = (mixed ^ (unsigned char)*number) * 16777619u;
    return mixed;
}

/* Answers: where the answer is, and how long. */
EXPORT("call") unsigned long long call(char *text, int length) {
    text[length] = 0;
    const char *number = after(text, "\"from\":\"");
    const char *wanted = after(text, "\"groups\":");
    unsigned groups = wanted && *wanted >= '2' && *wanted <= '9' ? (unsigned)(*wanted - '0') : 2;
    char *end = put(answer, "{\"group.letter\":");
    if (number) {
        *end++ = '"';
        *end++ = (char)('A' + hash(number) % groups);
        *end++ = '"';
    } else {
        /* A caller who hides the number is in no group. */
        end = put(end, "null");
    }
    *end++ = '}';
    return (unsigned long long)(unsigned)answer << 32 | (unsigned)(end - answer);
}
