using Pbt.Harness;

namespace Pbt.Packages.Tests;

/// <summary>The packages of the build that these tests belong to, in a folder that serves as their feed.</summary>
/// <remarks>
/// Those who use it have a home, a cache and sources of their own, and no network: what the packages depend on comes from the
/// cache that the build restored into.
/// </remarks>
public sealed class PackedFeed : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("pbt-packages-").FullName;
    private readonly Lazy<Task<string>> _tool;
    private readonly Lazy<Task<string>> _readmes;

    public PackedFeed()
    {
        _tool = new(InstallAsync);
        _readmes = new(() => ReadmeProjects.BuildAsync(this));
    }

    /// <summary>The folder with the packages.</summary>
    public string Folder => Path.Combine(_root, "feed");

    /// <summary>The folder with the packages, made once more.</summary>
    public string Again => Path.Combine(_root, "again");

    /// <summary>The version of all packages.</summary>
    public string Version { get; private set; } = string.Empty;

    /// <summary>The program of the installed tool.</summary>
    public Task<string> Tool => _tool.Value;

    /// <summary>The folder of the programs that the readmes show, built.</summary>
    public Task<string> Readmes => _readmes.Value;

    private Dictionary<string, string?> Environment => new(StringComparer.Ordinal)
    {
        ["HOME"] = Path.Combine(_root, "home"),
        ["DOTNET_CLI_HOME"] = Path.Combine(_root, "home"),
        ["NUGET_PACKAGES"] = Path.Combine(_root, "cache"),
        ["DOTNET_ROOT"] = Programs.DotNetRoot,
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["CI"] = null,
    };

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        // The configuration of this build is what its folder is called.
        foreach (var folder in (string[])[Folder, Again])
            (await Programs.RunAsync(Path.Combine(SystemPython.Repository, "eng", "pack"), ["--built", new DirectoryInfo(AppContext.BaseDirectory).Name, folder], _root)).Expect(0);

        const string prefix = "Pbt.Core.";
        Version = Path.GetFileNameWithoutExtension(Directory.GetFiles(Folder, prefix + "*.nupkg").Single())[prefix.Length..];
        Directory.CreateDirectory(Path.Combine(_root, "home"));
        var restored = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(
            Path.Combine(_root, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{Folder}" />
                <add key="restored" value="{restored}" />
              </packageSources>
            </configuration>
            """);
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A new folder beside the feed, whose packages come from it.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>The file of a package.</summary>
    public string PathOf(string package) => Path.Combine(Folder, $"{package}.{Version}.nupkg");

    /// <summary>Runs a program as somebody who has nothing but the packages and .NET.</summary>
    public Task<Output> RunAsync(string workingDirectory, string program, params string[] arguments) =>
        Programs.RunAsync(program, arguments, workingDirectory, Environment);

    private async Task<string> InstallAsync()
    {
        var folder = NewFolder("tool");
        (await RunAsync(_root, "dotnet", "tool", "install", "pbt", "--tool-path", folder, "--add-source", Folder, "--version", Version)).Expect(0);
        return Path.Combine(folder, "pbt");
    }
}

/// <summary>Tests that share the packed feed.</summary>
[CollectionDefinition(Name)]
public sealed class PackedFeedTests : ICollectionFixture<PackedFeed>
{
    public const string Name = "packed feed";
}
