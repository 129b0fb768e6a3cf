namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>Trainers as shell scripts, and a spec for them.</summary>
internal static class Trainers
{
    /// <summary>
    /// Trains for a moment (the first argument, in seconds): the new state is a function of the old one, the
    /// hyperparameter (the second argument) and the seed.
    /// </summary>
    public const string Deterministic =
        """
        set -eu
        old=0
        if [ -n "$PBT_CHECKPOINT_IN" ]; then read -r old <"$PBT_CHECKPOINT_IN/state"; fi
        sleep "$1"
        new=$(awk -v old="$old" -v h="$2" -v seed="$PBT_SEED" 'BEGIN { printf "%.9f", old + 1 - (h - 0.3) * (h - 0.3) + (seed % 1000) / 100000 }')
        echo "$new" >"$PBT_CHECKPOINT_OUT/state"
        echo "{\"score\": $new}" >"$PBT_RESULT"

        """;

    /// <summary>As the other, but member 2 fails by its seed one time in three, and member 4 always in its third interval.</summary>
    public const string SometimesFailing =
        """
        if [ "$PBT_MEMBER" = 2 ] && [ $((PBT_SEED % 3)) = 0 ]; then echo "an unlucky seed"; exit 7; fi
        if [ "$PBT_MEMBER" = 4 ] && [ "$PBT_INTERVAL" = 3 ]; then echo "never works"; exit 8; fi

        """ + Deterministic;

    /// <summary>A spec for a script <c>train.sh</c> beside it.</summary>
    public static string Spec(
        int population = 4, int intervals = 4, string mode = "asynchronous", double seconds = 0.05, string more = "", string trainer = "") =>
        System.FormattableString.Invariant(
            $$$"""
            name: demo
            seed: 11
            population: {{{population}}}
            mode: {{{mode}}}
            lease: 2s
            objective: { metric: score, goal: maximize }
            interval: { steps: 10 }
            budget: { intervals: {{{intervals}}} }
            hyperparameters:
              h: { type: float, min: 0.0, max: 1.0 }
            trainer:
              command: [./train.sh, "{{{seconds}}}", "{h}"]
            {{{Indented(trainer)}}}
            {{{more}}}

            """);

    private static string Indented(string lines) => string.Join('\n', lines.Split('\n').Select(static line => line.Length > 0 ? "  " + line : line));
}
