/* SPDX-License-Identifier: Apache-2.0
 *
 * reader.c - memory and messages of the reader. */
#include "model/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/settings.h"

/* What memory gave; without any, the reader ends where its call began. */
static void *
given(stn__reader *reader, void *piece)
{
    if (piece == NULL) {
        longjmp(reader->on_memory, 1);
    }
    return piece;
}

void *
stn__take(stn__reader *reader, size_t count, size_t size)
{
    return given(reader, stn__arena_take(reader->arena, count, size));
}

char *
stn__text(stn__reader *reader, const char *text, size_t size)
{
    return given(reader, stn__arena_text(reader->arena, text, size));
}

char *
stn__print(stn__reader *reader, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = stn__arena_print_args(reader->arena, format, args);
    va_end(args);
    return given(reader, text);
}

void *
stn__grow(stn__reader *reader, void *items, int32_t count, int32_t *room, size_t size)
{
    void *more;

    if (count < *room) {
        return items;
    }
    *room = *room == 0 ? 8 : *room * 2;
    more = stn__take(reader, (size_t) *room, size);
    if (count > 0) {
        memcpy(more, items, (size_t) count * size);
    }
    return more;
}

void
stn__mistake(stn__reader *reader, stn_place place, const char *format, ...)
{
    stn__loaded *file = &reader->loaded[place.file];
    char small[512];
    char *text = small;
    const stn_setting *blamed;
    va_list args;
    int size;

    STN_INVARIANT(place.file >= 0 && place.file < reader->file_count);
    if (file->messages >= STN__MESSAGES_MAX) {
        file->lost++;
        return;
    }
    va_start(args, format);
    size = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (size >= (int) sizeof small) {
        text = stn__take(reader, (size_t) size + 1, 1);
        va_start(args, format);
        vsnprintf(text, (size_t) size + 1, format, args);
        va_end(args);
    }
    blamed = stn__setting_blamed(reader, place);
    if (blamed != NULL) {
        text = stn__print(reader, "%s (set: %s=%s)", text, blamed->key, stn__quote(reader, blamed->value));
        reader->setting_told = true;
    }
    /* A file that two regimes extend is read for both; its mistakes are told once. */
    for (int32_t index = 0; index < reader->message_count; index++) {
        const stn__message *other = &reader->messages[index];
        if (other->place.file == place.file && other->place.line == place.line
            && other->place.column == place.column && strcmp(other->text, text) == 0) {
            return;
        }
    }
    reader->messages = stn__grow(reader, reader->messages, reader->message_count,
        &reader->message_room, sizeof *reader->messages);
    reader->messages[reader->message_count] = (stn__message) {
        place, reader->message_count, text == small ? stn__text(reader, text, strlen(text)) : text };
    reader->message_count++;
    file->messages++;
}

bool
stn__mistaken(const stn__reader *reader)
{
    return reader->message_count > 0;
}

static int
by_place(const void *left, const void *right)
{
    const stn__message *a = left, *b = right;

    if (a->place.file != b->place.file) {
        return a->place.file < b->place.file ? -1 : 1;
    }
    if (a->place.line != b->place.line) {
        return a->place.line < b->place.line ? -1 : 1;
    }
    if (a->place.column != b->place.column) {
        return a->place.column < b->place.column ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

void
stn__mistakes_report(stn__reader *reader, stn_report *report)
{
    if (reader->message_count > 0) {
        qsort(reader->messages, (size_t) reader->message_count, sizeof *reader->messages, by_place);
    }
    for (int32_t index = 0; index < reader->message_count; index++) {
        const stn__message *message = &reader->messages[index];
        const stn__loaded *file = &reader->loaded[message->place.file];
        bool last = index + 1 == reader->message_count
            || reader->messages[index + 1].place.file != message->place.file;
        stn__report_add(report, file->shown, message->place.line, message->place.column, "%s", message->text);
        if (last && file->lost > 0) {
            stn__report_add(report, file->shown, 0, 0, "and %d more mistake%s", (int) file->lost, file->lost == 1 ? "" : "s");
        }
    }
}

const char *
stn__quote_bytes(stn__reader *reader, const char *text, size_t size)
{
    enum { SHOWN = 60 };
    static const char digits[] = "0123456789abcdef";
    char *quoted = stn__take(reader, (size_t) SHOWN * 4 + 8, 1);
    size_t out = 0, in = 0;

    quoted[out++] = '"';
    for (; in < size; in++) {
        unsigned char byte = (unsigned char) text[in];
        if (in >= SHOWN + 3 || (in >= SHOWN && (byte & 0xc0) != 0x80)) { /* not inside a character */
            break;
        }
        if (byte == '\n' || byte == '\t') {
            quoted[out++] = '\\';
            quoted[out++] = byte == '\n' ? 'n' : 't';
        } else if (byte < 0x20 || byte == 0x7f) {
            quoted[out++] = '\\';
            quoted[out++] = 'x';
            quoted[out++] = digits[byte >> 4];
            quoted[out++] = digits[byte & 15];
        } else {
            quoted[out++] = (char) byte;
        }
    }
    if (in < size) {
        memcpy(quoted + out, "...", 3);
        out += 3;
    }
    quoted[out] = '"';
    return quoted;
}

const char *
stn__quote(stn__reader *reader, const char *text)
{
    return stn__quote_bytes(reader, text, strlen(text));
}

const char *
stn__suggest(stn__reader *reader, const char *name, const char *const *names, int32_t count)
{
    const char *nearest = stn__nearest(name, names, count);

    return nearest == NULL ? "" : stn__print(reader, "; did you mean \"%s\"?", nearest);
}

const char *
stn__join(stn__reader *reader, const char *const *names, int32_t count, const char *last)
{
    size_t size = 1;
    char *text;

    for (int32_t index = 0; index < count; index++) {
        size += strlen(names[index]) + strlen(last) + 4;
    }
    text = stn__take(reader, size, 1);
    for (int32_t index = 0; index < count; index++) {
        if (index > 0) {
            strcat(text, index + 1 < count ? ", " : last);
        }
        strcat(text, names[index]);
    }
    return text;
}
