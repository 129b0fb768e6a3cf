# Completion of pbt's command lines in bash: eval "$(pbt completion bash)"
_pbt() {
    local line=${COMP_LINE:0:COMP_POINT} word kept item
    local -a found
    word=${line##*[[:space:]]}
    # As if it were called by its name, whatever its path is; the directive's number is where the cursor stands.
    line="pbt ${line#*[[:space:]]}"
    mapfile -t found < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
    # bash replaces only what follows the last = or : of the word.
    kept=${word%"${word##*[=:]}"}
    COMPREPLY=()
    for item in "${found[@]}"; do
        if [[ $item == "$word"* && ($word == -* || $item != -*) ]]; then
            printf -v item %q "${item#"$kept"}"
            COMPREPLY+=("$item")
        fi
    done
}
# Where pbt knows nothing, files are completed.
complete -o bashdefault -o default -F _pbt pbt
