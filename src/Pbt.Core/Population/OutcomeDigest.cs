using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pbt.Core.Population;

/// <summary>A fingerprint of what a study computed: no times, no workers.</summary>
public static class OutcomeDigest
{
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
        var line = new StringBuilder();
        foreach (var member in state.Members)
        {
            foreach (var record in member.History)
            {
                line.Clear();
                line.Append(CultureInfo.InvariantCulture, $"{member.Id.Value}\t{record.Interval}\t");
                line.Append(record.Score?.ToString("R", CultureInfo.InvariantCulture) ?? "failed").Append('\t');
                line.Append(record.Donor?.Value.ToString(CultureInfo.InvariantCulture) ?? "-");
                foreach (var (name, value) in record.Hyperparameters)
                    line.Append('\t').Append(name).Append('=').Append(value.ToString());

                line.Append('\n');
                hash.AppendData(Encoding.UTF8.GetBytes(line.ToString()));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
