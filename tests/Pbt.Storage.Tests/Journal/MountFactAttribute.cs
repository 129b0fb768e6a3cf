using System.Globalization;

namespace Pbt.Storage.Tests.Journal;

/// <summary>A test that mounts a small file system, which needs the right to do so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    private const int AdministerSystem = 21;

    public MountFactAttribute()
    {
        if (!MayMount())
            Skip = "Mounting a file system needs Linux and the right to (CAP_SYS_ADMIN).";
    }

    private static bool MayMount()
    {
        if (!OperatingSystem.IsLinux())
            return false;

        const string Key = "CapEff:";
        var effective = File.ReadLines("/proc/self/status").First(static line => line.StartsWith(Key, StringComparison.Ordinal))[Key.Length..];
        return (ulong.Parse(effective.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << AdministerSystem)) != 0;
    }
}
