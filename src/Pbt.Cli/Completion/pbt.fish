# Completion of pbt's command lines in fish: pbt completion fish | source
function __pbt_found
    set -l before (commandline -opc)
    set -l word (commandline -ct)
    # As if it were called by its name, whatever its path is; the directive's number is where the cursor stands.
    set -l line (string join ' ' -- pbt $before[2..-1] "$word")
    set -l found ($before[1] "[suggest:"(string length -- $line)"]" $line 2>/dev/null)
    string match -q -- '-*' "$word"; or set found (string match -v -- '-*' $found)
    set found (string match -- (string escape --style=script -n -- "$word" | string replace -a '*' '\*')'*' $found)
    # Where pbt knows nothing, files are completed.
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path "$word"
    end
end
complete -c pbt -f -a '(__pbt_found)'
