/* SPDX-License-Identifier: Apache-2.0
 *
 * schema.c - standing schema: the JSON Schema of a kind of file. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

int
cli_schema(const cli_arguments *arguments)
{
    static const char *const kinds[] = { "world", "regime", "study" };
    const char *kind = arguments->operands[0], *near;
    char *schema;

    for (int k = 0; k < 3; k++) {
        if (strcmp(kind, kinds[k]) == 0) {
            schema = stn_schema(kind);
            if (schema == NULL) {
                cli_say("no memory");
                return EXIT_FAILED;
            }
            fputs(schema, stdout);
            if (schema[0] != '\0' && schema[strlen(schema) - 1] != '\n') {
                putchar('\n');
            }
            free(schema);
            return EXIT_FINE;
        }
    }
    near = cli_nearest(kind, kinds, 3);
    cli_say("schema: '%s' is not one of world, regime and study%s%s%s", kind, near != NULL ? "; did you mean '" : "",
        near != NULL ? near : "", near != NULL ? "'?" : "");
    return EXIT_BAD_INPUT;
}
