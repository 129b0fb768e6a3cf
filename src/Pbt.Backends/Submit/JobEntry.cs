using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pbt.Backends.Submit;

/// <summary>What is known of a job from the time it was submitted.</summary>
public enum JobKnowledge
{
    /// <summary>Its submission has begun, and nothing says how it went.</summary>
    Submitting,

    /// <summary>The scheduler has it.</summary>
    Submitted,

    /// <summary>The scheduler did not take it.</summary>
    Refused,

    /// <summary>Nobody can tell whether the scheduler took it, and the user was told so.</summary>
    Unknown,

    /// <summary>It has ended, or the scheduler has forgotten it.</summary>
    Ended,
}

/// <summary>A job that was submitted for a study, or may have been.</summary>
/// <param name="Number">From 1, in the order of submission.</param>
/// <param name="Name">Its name, which no other job of the study has.</param>
/// <param name="Backend">The kind of backend that submitted it.</param>
/// <param name="Knowledge">What is known.</param>
/// <param name="Id">The scheduler's name for it; null where there is none.</param>
public sealed record JobEntry(long Number, string Name, string Backend, JobKnowledge Knowledge, string? Id);

/// <summary>The jobs that were submitted for a study: the fold of the lines of <c>jobs.jsonl</c>.</summary>
/// <remarks>Immutable and pure. It is about the outside world, and no part of the study's truth: losing it loses only the way to jobs that run.</remarks>
public sealed record JobEntries
{
    private static readonly (string Word, JobKnowledge Knowledge)[] Words =
    [
        ("submitting", JobKnowledge.Submitting), ("submitted", JobKnowledge.Submitted), ("refused", JobKnowledge.Refused), ("unknown", JobKnowledge.Unknown),
        ("ended", JobKnowledge.Ended),
    ];

    private ImmutableSortedDictionary<long, JobEntry> ByNumber { get; init; } = ImmutableSortedDictionary<long, JobEntry>.Empty;

    /// <summary>All, in the order of submission.</summary>
    public IEnumerable<JobEntry> All => ByNumber.Values;

    /// <summary>The number of the next job.</summary>
    public long Next => ByNumber.IsEmpty ? 1 : ByNumber.Keys.Last() + 1;

    /// <summary>The entries after a change.</summary>
    public JobEntries With(JobEntry entry) => this with { ByNumber = ByNumber.SetItem(entry.Number, entry) };

    /// <summary>Reads the lines of a file; null for one that is damaged, and its number.</summary>
    /// <param name="text">Whole lines.</param>
    /// <param name="damaged">The number of the first line that is none of ours, from 1; 0 if all are.</param>
    public static JobEntries? Read(string text, out int damaged)
    {
        var entries = new JobEntries();
        damaged = 0;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            damaged++;
            if (ReadLine(line) is not { } entry)
                return null;

            entries = entries.With(entry);
        }

        damaged = 0;
        return entries;
    }

    /// <summary>The line that says of an entry what is known of it now.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="at">When.</param>
    /// <param name="why">More about it, for people.</param>
    public static string Line(JobEntry entry, DateTimeOffset at, string? why)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("event", Words.First(word => word.Knowledge == entry.Knowledge).Word);
            json.WriteNumber("number", entry.Number);
            json.WriteString("name", entry.Name);
            json.WriteString("backend", entry.Backend);
            if (entry.Id is not null)
                json.WriteString("job", entry.Id);

            if (why is not null)
                json.WriteString("why", why);

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static JobEntry? ReadLine(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var word = root.GetProperty("event").GetString();
            var known = Words.Where(w => w.Word.Equals(word, StringComparison.Ordinal)).Select(static w => (JobKnowledge?)w.Knowledge).FirstOrDefault();
            return known is { } knowledge
                ? new(
                    root.GetProperty("number").GetInt64(),
                    root.GetProperty("name").GetString()!,
                    root.GetProperty("backend").GetString()!,
                    knowledge,
                    root.TryGetProperty("job", out var id) ? id.GetString() : null)
                : null;
        }
        catch (Exception damage) when (damage is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
