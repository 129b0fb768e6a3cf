using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Population;

/// <summary>A fingerprint of what a study computed: no times, no workers.</summary>
public static class OutcomeDigest
{
    private const int Gathered = 1 << 16;
    private const int LongestNumber = 64;

    /// <summary>
    /// The SHA-256, in lower-case hexadecimal, over each member's intervals in order: its number, score, hyperparameters
    /// and donor.
    /// </summary>
    /// <remarks>
    /// One UTF-8 line for each ended interval, in the order of members and then intervals, its fields separated by tabs:
    /// member, interval, score (shortest round-trip decimal; <c>failed</c>), donor (<c>-</c> if none), then name=value of
    /// each hyperparameter. In synchronous mode it is a function of spec, seed and trainer alone.
    /// </remarks>
    public static string Of(StudyState state)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var lines = new ArrayBufferWriter<byte>(2 * Gathered);
        foreach (var member in state.Members)
        {
            foreach (var record in member.History)
            {
                Write(lines, member.Id, record);
                if (lines.WrittenCount < Gathered)
                    continue;

                hash.AppendData(lines.WrittenSpan);
                lines.ResetWrittenCount();
            }
        }

        hash.AppendData(lines.WrittenSpan);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Write(ArrayBufferWriter<byte> lines, MemberId member, IntervalRecord record)
    {
        Write(lines, member.Value);
        lines.Write("\t"u8);
        Write(lines, record.Interval);
        lines.Write("\t"u8);
        if (record.Score is { } score)
            Write(lines, score);
        else
            lines.Write("failed"u8);

        lines.Write("\t"u8);
        if (record.Donor is { } donor)
            Write(lines, donor.Value);
        else
            lines.Write("-"u8);

        for (var i = 0; i < record.Hyperparameters.Count; i++)
        {
            var (name, value) = record.Hyperparameters[i];
            lines.Write("\t"u8);
            Encoding.UTF8.GetBytes(name, lines);
            lines.Write("="u8);
            if (value.Kind == HyperparameterValueKind.Float)
                Write(lines, value.Number);
            else
                Encoding.UTF8.GetBytes(value.ToString(), lines);
        }

        lines.Write("\n"u8);
    }

    private static void Write(ArrayBufferWriter<byte> lines, int number)
    {
        number.TryFormat(lines.GetSpan(LongestNumber), out var length, default, CultureInfo.InvariantCulture);
        lines.Advance(length);
    }

    private static void Write(ArrayBufferWriter<byte> lines, double number)
    {
        number.TryFormat(lines.GetSpan(LongestNumber), out var length, "R", CultureInfo.InvariantCulture);
        lines.Advance(length);
    }
}
