using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pbt.Chaos.Checks;

namespace Pbt.Chaos.Trainer;

/// <summary>What a training run leads to: the files of its checkpoint by name, and its score.</summary>
internal sealed record Trained(string State, string Lineage, long Score)
{
    /// <summary>The files of the checkpoint.</summary>
    public IReadOnlyDictionary<string, string> Files()
    {
        var weights = new StringBuilder();
        for (var i = 0; i < ChaosTrainer.WeightLines; i++)
            weights.Append(CultureInfo.InvariantCulture, $"{State} {i}\n");

        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["state"] = State + "\n",
            ["score"] = string.Create(CultureInfo.InvariantCulture, $"{Score}\n"),
            ["lineage"] = Lineage,
            ["nested/weights"] = weights.ToString(),
        };
        var sums = new StringBuilder();
        foreach (var name in (string[])["state", "score", "lineage", "nested/weights"])
            sums.Append(ChaosTrainer.Sha256(files[name])).Append("  ").Append(name).Append('\n');

        files["sums"] = sums.ToString();
        return files;
    }
}

/// <summary>A trainer whose outcome can be computed without it.</summary>
/// <remarks>
/// The state is the SHA-256 of the state before and of a line that names member, interval, seed and hyperparameters; the
/// lineage is all those lines; the score is whole numbers only. It checks what it starts from and what it has written.
/// </remarks>
internal static class ChaosTrainer
{
    public const int WeightLines = 40;

    /// <summary>The exit code with which it refuses a checkpoint that is not what was written.</summary>
    public const int BadCheckpoint = 9;

    /// <summary>The trainer for <c>/bin/sh</c>: its argument is the hyperparameter h; how long it takes stands in the file <c>pace</c>.</summary>
    public const string Script =
        """
        set -eu
        h=$1
        start=$PBT_CHECKPOINT_IN
        old=start score=0
        if [ -n "$start" ]; then
          (cd "$start" && sha256sum -c --status sums) || { echo "the checkpoint $start is not what was written"; exit 9; }
          read -r old <"$start/state"
          read -r score <"$start/score"
        fi
        line="$PBT_MEMBER $PBT_INTERVAL $PBT_SEED $(cat "$PBT_HYPERPARAMETERS")"
        read -r pause <pace
        cd "$PBT_CHECKPOINT_OUT"
        new=$(printf '%s\n%s\n' "$old" "$line" | sha256sum)
        new=${new%% *}
        printf '{"step":1,"state":"%s"}\n' "$new" >>"$PBT_METRICS"
        printf '%s\n' "$new" >state
        sleep "$pause"
        score=$((score + 1000 - (h - 300) * (h - 300) / 1000 + PBT_SEED % 100))
        mkdir nested
        printf '%s\n' "$score" >score
        if [ -n "$start" ]; then cat "$start/lineage" >lineage; fi
        printf '%s\n' "$line" >>lineage
        i=0
        while [ "$i" -lt 40 ]; do echo "$new $i"; i=$((i + 1)); done >nested/weights
        sha256sum state score lineage nested/weights >sums
        sha256sum -c --status sums
        read -r written <state
        [ "$written" = "$new" ]
        printf '{"score": %s}\n' "$score" >"$PBT_RESULT"
        echo "interval $PBT_INTERVAL of member $PBT_MEMBER: $score"

        """;

    /// <summary>What an interval leads to.</summary>
    /// <param name="before">What it starts from; null is from scratch.</param>
    /// <param name="interval">The interval.</param>
    public static Trained Train(Trained? before, Produced interval)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{interval.Name.Member} {interval.Name.Interval} {interval.Seed} {interval.Hyperparameters}");
        var state = Sha256($"{before?.State ?? "start"}\n{line}\n");
        using var hyperparameters = JsonDocument.Parse(interval.Hyperparameters);
        var distance = hyperparameters.RootElement.GetProperty("h").GetInt64() - 300;
        return new Trained(state, before?.Lineage + line + "\n", (before?.Score ?? 0) + 1000 - (distance * distance / 1000) + (interval.Seed % 100));
    }

    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
