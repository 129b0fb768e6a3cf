using System.Reflection;

namespace Pbt.Cli;

/// <summary>The version of this program.</summary>
internal static class PbtVersion
{
    /// <summary>As the build gave it, without the commit.</summary>
    public static string Text { get; } =
        typeof(PbtVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
