namespace Pbt.Runtime.Processes;

/// <summary>The guard's program, for any POSIX shell.</summary>
/// <remarks>
/// It reads lines from its standard input: <c>add GROUP</c>, <c>del GROUP</c>, <c>quit</c>. The end of input without
/// <c>quit</c> is the worker's death. Until then it uses no external program, and blocks in <c>read</c>.
/// </remarks>
internal static class TrainerGuardScript
{
    /// <summary>Holds the script in the guard's environment, so that its command line stays free of tell-tale names.</summary>
    internal const string ScriptVariable = "GUARD_SCRIPT";

    /// <summary>Holds the mark to look for. Its value is no entry of its own, so the guard never finds itself.</summary>
    internal const string MarkVariable = "GUARD_MARK";

    /// <summary>What the shell is told to run.</summary>
    internal const string Command = $"eval \"${ScriptVariable}\"";

    /// <summary>The script.</summary>
    /// <remarks>
    /// Two passes in a row must find nothing: one can miss a process that is just executing a program. Where there
    /// is no <c>/proc</c>, only the groups are killed.
    /// </remarks>
    internal const string Text =
        """
        trap '' HUP INT QUIT TERM PIPE TSTP TTIN TTOU USR1 USR2
        groups=' '
        while read -r verb group; do
          case "$verb" in
            add) groups="$groups$group " ;;
            del) case "$groups" in *" $group "*) groups="${groups%% $group *} ${groups#* $group }" ;; esac ;;
            quit) exit 0 ;;
          esac
        done
        for group in $groups; do kill -9 "-$group"; done
        [ -r /proc/self/environ ] || exit 0
        clean=0
        passes=0
        while [ "$clean" -lt 2 ] && [ "$passes" -lt 400 ]; do
          clean=$((clean + 1))
          passes=$((passes + 1))
          for file in $(grep -lszxF -e "$GUARD_MARK" /proc/[0-9]*/environ); do
            pid="${file#/proc/}"
            kill -9 "${pid%/environ}" && clean=0
          done
          sleep 0.03
        done
        """;
}
