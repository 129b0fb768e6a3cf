using System.Security.Cryptography;
using System.Text;

namespace Pbt.Backends.Jobs;

/// <summary>The name by which a study's jobs are found again.</summary>
/// <remarks>Pure.</remarks>
public static class JobName
{
    private const int LongestPart = 40;

    /// <summary>The name: <c>pbt-</c>, the study's name as far as a scheduler can carry it, and eight digits of where it is.</summary>
    /// <param name="study">The study's name.</param>
    /// <param name="root">The absolute path of its directory: two of one name have different jobs.</param>
    public static string Of(string study, string root)
    {
        var name = new StringBuilder();
        foreach (var letter in study.Take(LongestPart))
            name.Append(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-');

        return $"pbt-{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..8]}";
    }
}
