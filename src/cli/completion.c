/* SPDX-License-Identifier: EUPL-1.2 */
/* Shell completion, from the table of commands. A script holds the table, so completing needs no run of the program. */
#include <string.h>

#include "cli/help.h"
#include "cli/parse.h"

/* What bash completes behind an option or as an argument. */
static const char *bash_action(const CliRow *row) {
  switch (cli_type(row)) {
    case CLI_FILE: return "compgen -f -- \"$cur\"";
    case CLI_DIR: return "compgen -d -- \"$cur\"";
    default: return NULL;
  }
}

static void words_of_choice(FILE *out, const char *choices) {
  for (const char *c = choices; *c; c++) fputc(*c == '|' ? ' ' : *c, out);
}

/* case "$command:--format)": the values behind an option */
static void bash_values(FILE *out, const CliRow *command) {
  const char *pattern = command ? command->name : "*";
  for (const CliRow *r = NULL; (r = cli_row_next(command, r)) != NULL;) {
    if (r->kind != CLI_ROW_OPTION || cli_type(r) == CLI_FLAG) continue;
    fprintf(out, command ? "    '%s:--%s') " : "    %s:--%s) ", pattern, r->name);
    if (cli_type(r) == CLI_CHOICE) {
      fputs("mapfile -t COMPREPLY < <(compgen -W '", out);
      words_of_choice(out, r->value);
      fputs("' -- \"$cur\")", out);
    } else if (bash_action(r)) {
      fprintf(out, "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(%s)", bash_action(r));
    } else {
      fputs("COMPREPLY=()", out);
    }
    fputs("; return ;;\n", out);
  }
}

/* case "$command)": its options, and files when an argument is one */
static void bash_command(FILE *out, const CliRow *command) {
  const char *files = NULL;
  fprintf(out, "    '%s') words='", command->name);
  for (const CliRow *r = NULL; (r = cli_row_next(command, r)) != NULL;)
    if (r->kind == CLI_ROW_OPTION) fprintf(out, "--%s ", r->name);
    else if (bash_action(r)) files = cli_type(r) == CLI_DIR ? "-d" : "-f";
  for (const CliRow *r = NULL; (r = cli_row_next(NULL, r)) != NULL;) fprintf(out, "--%s ", r->name);
  fprintf(out, "'; files='%s' ;;\n", files ? files : "");
}

static void all_commands(FILE *out, const char *separator) {
  for (size_t i = 0, first = 1; i < CLI_ROWS_COUNT; i++)
    if (CLI_ROWS[i].kind == CLI_ROW_COMMAND) {
      fprintf(out, "%s%s", first ? "" : separator, CLI_ROWS[i].name);
      first = 0;
    }
}

static void bash(FILE *out) {
  fputs("# bash completion for pactwijzer\n"
        "_pactwijzer() {\n"
        "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' words='' files='' i\n"
        "  local commands='\n", out);
  all_commands(out, "\n");
  fputs("\n'\n"
        "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "    case ${COMP_WORDS[i]} in\n"
        "      --db) ((i++)) ;;\n"
        "      -*) ;;\n"
        "      *) local one=${COMP_WORDS[i]} two=\"${COMP_WORDS[i]} ${COMP_WORDS[i+1]}\"\n"
        "         if [ $((i + 1)) -lt $COMP_CWORD ] && [[ $commands == *$'\\n'\"$two\"$'\\n'* ]]; then command=$two\n"
        "         elif [[ $commands == *$'\\n'\"$one\"$'\\n'* ]]; then command=$one\n"
        "         else command=\"$one \"; fi\n"
        "         break ;;\n"
        "    esac\n"
        "  done\n"
        "  case \"$command:$prev\" in\n", out);
  for (size_t i = 0; i < CLI_ROWS_COUNT; i++)
    if (CLI_ROWS[i].kind == CLI_ROW_COMMAND) bash_values(out, &CLI_ROWS[i]);
  bash_values(out, NULL);
  fputs("  esac\n"
        "  if [ -z \"$command\" ]; then\n"
        "    if [[ $cur == -* ]]; then words='", out);
  for (const CliRow *r = NULL; (r = cli_row_next(NULL, r)) != NULL;) fprintf(out, "--%s ", r->name);
  fputs("'; else words=$(printf '%s' \"$commands\" | cut -d' ' -f1 | sort -u); fi\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
        "    return\n"
        "  fi\n"
        "  case \"$command\" in\n", out);
  for (size_t i = 0; i < CLI_ROWS_COUNT; i++)
    if (CLI_ROWS[i].kind == CLI_ROW_COMMAND) bash_command(out, &CLI_ROWS[i]);
  /* the first word of a name of two words: its second words */
  fputs("    *) words=$(printf '%s' \"$commands\" | grep \"^$command\" | cut -d' ' -f2) ;;\n"
        "  esac\n"
        "  if [ \"$command\" = help ]; then words=\"$words $(printf '%s' \"$commands\" | tr '\\n' ' ')\"; fi\n"
        "  if [[ $cur != -* && -n $files ]]; then\n"
        "    compopt -o filenames 2>/dev/null\n"
        "    mapfile -t COMPREPLY < <(compgen \"$files\" -- \"$cur\")\n"
        "  else\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
        "  fi\n"
        "}\n"
        "complete -F _pactwijzer pactwijzer\n", out);
}

/* Text inside single quotes of a shell. */
static void quoted(FILE *out, const char *s) {
  for (; *s; s++) {
    if (*s == '\'') fputs("'\\''", out);
    else fputc(*s, out);
  }
}

static void fish_option(FILE *out, const char *command, const CliRow *r) {
  fputs("complete -c pactwijzer", out);
  if (command) fprintf(out, " -n '__fish_seen_subcommand_from %s'", command);
  fprintf(out, " -l %s -d '", r->name);
  quoted(out, r->summary);
  fputs("'", out);
  if (cli_type(r) == CLI_CHOICE) {
    fputs(" -x -a '", out);
    words_of_choice(out, r->value);
    fputs("'", out);
  } else if (cli_type(r) == CLI_FILE || cli_type(r) == CLI_DIR) {
    fputs(" -r -F", out);
  } else if (cli_type(r) != CLI_FLAG) {
    fputs(" -x", out);
  }
  fputc('\n', out);
}

static void fish(FILE *out) {
  fputs("# fish completion for pactwijzer\ncomplete -c pactwijzer -f\n", out);
  for (const CliRow *r = NULL; (r = cli_row_next(NULL, r)) != NULL;) fish_option(out, NULL, r);
  for (size_t i = 0; i < CLI_ROWS_COUNT; i++) {
    const CliRow *c = &CLI_ROWS[i];
    if (c->kind != CLI_ROW_COMMAND) continue;
    const char *space = strchr(c->name, ' ');
    int len = space ? (int)(space - c->name) : (int)strlen(c->name);
    if (space) fprintf(out, "complete -c pactwijzer -n '__fish_seen_subcommand_from %.*s' -a '%s' -d '", len, c->name, space + 1);
    else fprintf(out, "complete -c pactwijzer -n __fish_use_subcommand -a '%s' -d '", c->name);
    quoted(out, c->summary);
    fputs("'\n", out);
    if (space) fprintf(out, "complete -c pactwijzer -n __fish_use_subcommand -a '%.*s'\n", len, c->name);
    for (const CliRow *r = NULL; (r = cli_row_next(c, r)) != NULL;) {
      if (r->kind == CLI_ROW_OPTION) fish_option(out, space ? space + 1 : c->name, r);
      else if (cli_type(r) == CLI_FILE || cli_type(r) == CLI_DIR)
        fprintf(out, "complete -c pactwijzer -n '__fish_seen_subcommand_from %s' -F\n", space ? space + 1 : c->name);
    }
  }
}

Err cli_completion(CliContext *ctx, Str shell) {
  if (str_eq(shell, S("bash"))) {
    bash(ctx->out);
  } else if (str_eq(shell, S("zsh"))) {
    fputs("autoload -Uz bashcompinit && bashcompinit\n", ctx->out);
    bash(ctx->out);
  } else if (str_eq(shell, S("fish"))) {
    fish(ctx->out);
  } else {
    return err_set(ctx->info, ERR_UNSUPPORTED, "there is no completion for the shell '" STR_FMT "': bash, zsh or fish is expected",
                   STR_ARG(shell));
  }
  return ERR_OK;
}
