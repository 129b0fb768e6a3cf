using Pbt.Core.Studies;

namespace Pbt.Cli;

/// <summary>How this program is started again.</summary>
internal static class SelfCommand
{
    /// <summary>The program and its first arguments: <c>dotnet …/pbt.dll</c>, or the executable itself.</summary>
    /// <exception cref="InvalidRequestException">The system does not say.</exception>
    public static IReadOnlyList<string> Find()
    {
        var program = Environment.ProcessPath ?? throw new InvalidRequestException("the system does not say which program this is");
        return Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.Ordinal)
            ? [program, Path.Combine(AppContext.BaseDirectory, "pbt.dll")]
            : [program];
    }
}
