# Completion of pbt's command lines in zsh, after compinit: eval "$(pbt completion zsh)"
_pbt() {
    local line
    local -a before found
    # As if it were called by its name, whatever its path is; the directive's number is where the cursor stands.
    before=(pbt "${(@)words[2,CURRENT-1]}" "$PREFIX")
    line=${(j: :)before}
    found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
    [[ $PREFIX == -* ]] || found=("${(@)found:#-*}")
    found=("${(@M)found:#${(b)PREFIX}*}")
    # Where pbt knows nothing, files are completed.
    if (( $#found )); then
        compadd -a found
    else
        _files
    fi
}
compdef _pbt pbt
