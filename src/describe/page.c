/* SPDX-License-Identifier: Apache-2.0
 *
 * page.c - headings, paragraphs, lists and tables, as Markdown or as HTML.
 *
 * Every byte that comes from a file goes through markdown_put() or html_put(),
 * which escape it, whatever it stands in. */
#include "describe/page.h"

#include <string.h>

/* Self-contained: opens offline, follows light and dark, fits a telephone and paper. */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--line:#b8b8b8;--soft:#f3f3f3;--link:#0b57a4}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--paper:#16181b;--line:#555;--soft:#22262b;--link:#8ab8f5}}"
    "\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 "
    "system-ui,sans-serif;overflow-wrap:anywhere}\n"
    "main,nav{max-width:60rem;margin:0 auto;padding:0 1rem}\n"
    "h1,h2,h3,h4{line-height:1.25;margin:1.6em 0 .5em}\n"
    "a{color:var(--link)}\n"
    "a:focus-visible,.table:focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
    ".skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}\n"
    "code,.formula{font-family:ui-monospace,monospace;font-size:.92em}\n"
    ".formula{background:var(--soft);padding:.5rem .75rem;margin:.5rem 0}\n"
    ".table{overflow-x:auto;margin:1rem 0}\n"
    "table{border-collapse:collapse;width:100%;font-size:.92em}\n"
    "caption{text-align:left;font-weight:600;padding:.25rem 0}\n"
    "th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top;min-width:5.5rem}\n"
    "td:first-child,td:last-child{min-width:11rem}\n"
    "th{background:var(--soft)}\n"
    "@media "
    "print{:root{--ink:#000;--paper:#fff;--line:#888;--soft:#eee;--link:#000}nav,.skip{display:none}body{font-size:"
    "10pt}\n"
    "main{max-width:none;padding:0}.table{overflow:visible}table{font-size:8pt}th,td,td:first-child,td:last-child{min-"
    "width:0}thead{display:table-header-group}tr{break-inside:avoid}\n"
    "h1,h2,h3,h4{break-after:avoid}}\n";

static bool
is_space(char c)
{
    return (unsigned char) c <= ' ';
}

/* Whether an address may be a link: of the web, and of nothing that could end it. */
static bool
is_link(const char *text, size_t size)
{
    bool web = (size > 7 && strncmp(text, "http://", 7) == 0) || (size > 8 && strncmp(text, "https://", 8) == 0);

    for (size_t i = 0; i < size; i++) {
        web = web && !is_space(text[i]) && strchr("<>\"`\\", text[i]) == NULL;
    }
    return web;
}

/* ----------------------------------------------------------------- Markdown */

static void
markdown_bytes(FILE *out, const char *text, size_t size, bool code, bool table)
{
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (is_space(c)) {
            putc(' ', out);
        } else {
            if (code ? table && c == '|' : strchr("\\`*_[]<>|~&$#", c) != NULL) {
                putc('\\', out);
            }
            putc(c, out);
        }
    }
}

/* What would begin a list, a heading or a rule at the beginning of a block is
 * escaped: "-", "1.", "=". Returns how many bytes that took. */
static size_t
markdown_start(FILE *out, const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (text[0] == '-' || text[0] == '+' || text[0] == '=' || text[0] == ':') {
        fprintf(out, "\\%c", text[0]);
        return 1;
    }
    if (digits > 0 && (text[digits] == '.' || text[digits] == ')')) {
        fprintf(out, "%.*s\\%c", (int) digits, text, text[digits]);
        return digits + 1;
    }
    return 0;
}

static void
markdown_marked(FILE *out, char mark, const char *text, size_t size, bool table)
{
    if (mark == STN__CODE[0]) {
        const char *fence = memchr(text, '`', size) != NULL ? "``` " : "`"; /* names and formulas have none */
        fputs(fence, out);
        markdown_bytes(out, text, size, true, table);
        fputs(fence[1] != '\0' ? " ```" : fence, out);
    } else if (mark == STN__STRESS[0]) {
        putc('*', out);
        markdown_bytes(out, text, size, false, table);
        putc('*', out);
    } else if (mark == STN__REFERENCE[0]) {
        fprintf(out, "\\[%.*s\\]", (int) size, text);
    } else if (is_link(text, size) && memchr(text, '|', size) == NULL) {
        fprintf(out, "<%.*s>", (int) size, text);
    } else {
        markdown_bytes(out, text, size, false, table);
    }
}

/* --------------------------------------------------------------------- HTML */

static void
html_bytes(FILE *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        switch (text[i]) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            putc(is_space(text[i]) ? ' ' : text[i], out);
            break;
        }
    }
}

static void
html_marked(FILE *out, char mark, const char *text, size_t size)
{
    const char *before = "", *after = "";

    if (mark == STN__REFERENCE[0]) {
        fprintf(out, "<a href=\"#source-%.*s\">[%.*s]</a>", (int) size, text, (int) size, text);
        return;
    }
    if (mark == STN__CODE[0]) {
        before = "<code>";
        after = "</code>";
    } else if (mark == STN__STRESS[0]) {
        before = "<em>";
        after = "</em>";
    } else if (is_link(text, size)) {
        fputs("<a href=\"", out);
        html_bytes(out, text, size);
        before = "\">";
        after = "</a>";
    }
    fputs(before, out);
    html_bytes(out, text, size);
    fputs(after, out);
}

/* --------------------------------------------------------------------- both */

/* Texts with marks, run by run. */
static void
text_put(const stn__page *page, const char *text, bool table)
{
    static const char marks[] = STN__CODE STN__STRESS STN__REFERENCE STN__LINK;

    while (*text != '\0') {
        size_t size = strcspn(text, marks);
        char mark = text[size];
        if (page->form == STN_FORM_HTML) {
            html_bytes(page->out, text, size);
        } else {
            markdown_bytes(page->out, text, size, false, table);
        }
        text += size;
        if (mark == '\0') {
            break;
        }
        size = strcspn(++text, marks);
        if (page->form == STN_FORM_HTML) {
            html_marked(page->out, mark, text, size);
        } else {
            markdown_marked(page->out, mark, text, size, table);
        }
        text += size + (text[size] != '\0');
    }
}

static void
block_put(const stn__page *page, const char *text)
{
    while (is_space(*text) && *text > STN__LINK[0]) {
        text++;
    }
    text_put(page, page->form == STN_FORM_HTML ? text : text + markdown_start(page->out, text), false);
}

void
stn__page_begin(stn__page *page, const char *title)
{
    if (page->form == STN_FORM_MARKDOWN) {
        fputs("<!-- standing describe -->\n\n", page->out);
    } else {
        fputs("<!DOCTYPE html>\n<!-- standing describe -->\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
            page->out);
        html_bytes(page->out, title, strlen(title));
        fprintf(page->out,
            "</title>\n<style>\n%s</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#model\">To the model</a>\n"
            "<main id=\"model\">\n",
            style);
    }
}

void
stn__page_end(stn__page *page)
{
    if (page->form == STN_FORM_HTML) {
        fputs("</main>\n</body>\n</html>\n", page->out);
    }
}

void
stn__page_heading(stn__page *page, int depth, const char *id, const char *text)
{
    int level = page->level + depth < 6 ? page->level + depth : 6;

    if (page->form == STN_FORM_HTML) {
        fprintf(page->out, "<h%d", level);
        if (id != NULL) {
            fprintf(page->out, " id=\"%s\"", id);
        }
        putc('>', page->out);
        text_put(page, text, false);
        fprintf(page->out, "</h%d>\n", level);
    } else {
        fprintf(page->out, "%.*s ", level, "######");
        text_put(page, text, false);
        fputs("\n\n", page->out);
    }
}

void
stn__page_paragraph(stn__page *page, const char *text)
{
    bool html = page->form == STN_FORM_HTML;

    fputs(html ? "<p>" : "", page->out);
    block_put(page, text);
    fputs(html ? "</p>\n" : "\n\n", page->out);
}

void
stn__page_formula(stn__page *page, const char *text)
{
    if (page->form == STN_FORM_HTML) {
        fputs("<p class=\"formula\">", page->out);
        html_bytes(page->out, text, strlen(text));
        fputs("</p>\n", page->out);
    } else {
        fprintf(page->out, "```text\n%s\n```\n\n", text);
    }
}

void
stn__page_contents(stn__page *page, const char *const *ids, const char *const *texts, int32_t count)
{
    bool html = page->form == STN_FORM_HTML;

    if (!html) {
        return; /* whatever shows Markdown makes its own */
    }
    fputs("<nav aria-label=\"Contents\">\n<ul>\n", page->out);
    for (int32_t i = 0; i < count; i++) {
        fprintf(page->out, "<li><a href=\"#%s\">", ids[i]);
        text_put(page, texts[i], false);
        fputs("</a></li>\n", page->out);
    }
    fputs("</ul>\n</nav>\n", page->out);
}

void
stn__page_list_begin(stn__page *page)
{
    fputs(page->form == STN_FORM_HTML ? "<ul>\n" : "", page->out);
}

void
stn__page_item(stn__page *page, const char *id, const char *text)
{
    if (page->form == STN_FORM_HTML) {
        fputs("<li", page->out);
        if (id != NULL) {
            fprintf(page->out, " id=\"%s\"", id);
        }
        putc('>', page->out);
        block_put(page, text);
        fputs("</li>\n", page->out);
    } else {
        fputs("- ", page->out);
        block_put(page, text);
        putc('\n', page->out);
    }
}

void
stn__page_list_end(stn__page *page)
{
    fputs(page->form == STN_FORM_HTML ? "</ul>\n" : "\n", page->out);
}

static void
cells_put(stn__page *page, const char *const *texts, int count, const char *before, const char *after)
{
    bool html = page->form == STN_FORM_HTML;

    fputs(html ? "<tr>" : "|", page->out);
    for (int c = 0; c < count; c++) {
        fputs(html ? before : " ", page->out);
        text_put(page, texts[c], true);
        fputs(html ? after : " |", page->out);
    }
    fputs(html ? "</tr>\n" : "\n", page->out);
}

void
stn__page_table_begin(stn__page *page, const char *caption, const char *const *heads, int count)
{
    if (page->form == STN_FORM_HTML) {
        /* Wide ones scroll, so a keyboard must reach them. */
        fputs("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"", page->out);
        html_bytes(page->out, caption, strlen(caption));
        fputs("\">\n<table>\n<caption>", page->out);
        html_bytes(page->out, caption, strlen(caption));
        fputs("</caption>\n<thead>\n", page->out);
        cells_put(page, heads, count, "<th scope=\"col\">", "</th>");
        fputs("</thead>\n<tbody>\n", page->out);
    } else {
        stn__page_paragraph(page, caption);
        cells_put(page, heads, count, "", "");
        putc('|', page->out);
        for (int c = 0; c < count; c++) {
            fputs("---|", page->out);
        }
        putc('\n', page->out);
    }
}

void
stn__page_row(stn__page *page, const char *const *texts, int count)
{
    cells_put(page, texts, count, "<td>", "</td>");
}

void
stn__page_table_end(stn__page *page)
{
    fputs(page->form == STN_FORM_HTML ? "</tbody>\n</table>\n</div>\n" : "\n", page->out);
}
