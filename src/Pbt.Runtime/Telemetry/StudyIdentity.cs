using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pbt.Core.Population;

namespace Pbt.Runtime.Telemetry;

/// <summary>What a study is called in telemetry; the same in every process.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Trace">The trace that all its spans belong to, and the span that would be their parent.</param>
internal sealed record StudyIdentity(string Name, ActivityContext Trace)
{
    /// <summary>The identity of a study: a function of its name and of when it was created.</summary>
    public static StudyIdentity Of(StudyState state)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"pbt {state.Spec.Name} {state.Created.UtcTicks}");
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan();
        return new(state.Spec.Name, new ActivityContext(
            ActivityTraceId.CreateFromBytes(digest[..16]), ActivitySpanId.CreateFromBytes(digest[16..24]), ActivityTraceFlags.Recorded, isRemote: true));
    }
}
