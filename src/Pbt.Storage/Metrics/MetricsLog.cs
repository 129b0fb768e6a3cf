using System.Buffers;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Metrics;

/// <summary>Progress inside intervals, as trainers report it: one JSON Lines file a member.</summary>
/// <remarks>
/// Not part of the truth: nothing is decided on it, and it is not synced. Lines are appended whole. One writer at a time a
/// member, since a member has one running attempt.
/// </remarks>
public sealed class MetricsLog(StudyDirectory study, TimeProvider time)
{
    /// <summary>Appends lines that a trainer reported.</summary>
    /// <param name="attempt">The attempt that reports.</param>
    /// <param name="lines">JSON objects; each is given the interval, the attempt and the time.</param>
    /// <exception cref="IOException">They could not be written.</exception>
    public void Append(CheckpointId attempt, IReadOnlyList<JsonElement> lines)
    {
        if (lines.Count == 0)
            return;

        var buffer = new ArrayBufferWriter<byte>();
        foreach (var line in lines)
        {
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartObject();
                writer.WriteNumber("interval", attempt.Interval);
                writer.WriteNumber("attempt", attempt.Attempt.Value);
                writer.WriteString("time", time.GetUtcNow());
                foreach (var property in line.EnumerateObject())
                {
                    if (property.Name is not ("interval" or "attempt" or "time"))
                        property.WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            buffer.Write("\n"u8);
        }

        StudyTree.Make(study, study.Metrics);
        using var file = UntrustedFile.OpenToWrite(study.MetricsOf(attempt.Member), append: true);
        RandomAccess.Write(file, buffer.WrittenSpan, fileOffset: RandomAccess.GetLength(file));
    }
}
