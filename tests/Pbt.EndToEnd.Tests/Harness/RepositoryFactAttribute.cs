namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>A test that clones the repository that it was built from.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RepositoryFactAttribute : FactAttribute
{
    /// <summary>The repository's root, or null where the tests were not built in one.</summary>
    public static string? Root { get; } = Find();

    public RepositoryFactAttribute() => Skip = Root is null ? "the tests were not built in a git repository" : null;

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "pbt.slnx")))
                return Path.Exists(Path.Combine(folder.FullName, ".git")) ? folder.FullName : null;
        }

        return null;
    }
}
