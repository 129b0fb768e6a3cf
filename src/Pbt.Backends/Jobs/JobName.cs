using System.Security.Cryptography;
using System.Text;

namespace Pbt.Backends.Jobs;

/// <summary>Names jobs of one study so that whoever comes later finds them.</summary>
/// <remarks>Pure.</remarks>
public static class JobName
{
    private const int LongestStudy = 60;

    /// <summary>What the names of a study's jobs have in common: <c>pbt-cartpole-1f3a5b7c</c>.</summary>
    /// <param name="study">The study's name.</param>
    /// <param name="root">Its directory, which tells it from others of the same name.</param>
    public static string Of(string study, string root)
    {
        var name = new string([.. study.Take(LongestStudy).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '-')]);
        return $"pbt-{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 4))}";
    }
}
