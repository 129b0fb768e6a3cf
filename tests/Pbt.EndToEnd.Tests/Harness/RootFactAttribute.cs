namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>A test that mounts file systems of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(() =>
    {
        if (!Environment.IsPrivilegedProcess)
            return "mounting a small file system needs root";

        using var folder = new Study();
        using var mount = TemporaryMount.TryCreate(folder.At("probe"), "1m");
        return mount is null ? "file systems cannot be mounted here, though by root" : null;
    });

    public RootFactAttribute() => Skip = Obstacle.Value;
}
