using Pbt.Harness;

namespace Pbt.Packages.Tests;

/// <summary>What <c>eng/publish</c> makes: one file that needs no .NET.</summary>
[Collection(PackedFeedTests.Name)]
public sealed class PublishTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pbt-publish-").FullName;

    [Fact]
    public async Task One_file_alone_runs_a_study_where_there_is_no_NET()
    {
        var published = (await Programs.RunAsync(
            Path.Combine(SystemPython.Repository, "eng", "publish"), ["--quick", Path.Combine(_root, "made", "pbt")], _root)).Expect(0).Out.Trim();
        Assert.Equal(["pbt"], Directory.GetFileSystemEntries(Path.Combine(_root, "made")).Select(Path.GetFileName));
        var folder = Directory.CreateDirectory(Path.Combine(_root, "alone")).FullName;
        var program = Path.Combine(folder, "pbt");
        File.Copy(published, program);
        await File.WriteAllTextAsync(Path.Combine(folder, "study.yaml"), SmallStudy.Text);

        (await AloneAsync(folder, program, "--version")).Expect(0);
        (await AloneAsync(folder, program, "run", "study.yaml")).Expect(0).Saying("The study is complete");
        (await AloneAsync(folder, program, "best", "runs/small")).Expect(0).Saying("score");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Runs it with nothing of .NET: no variable, none on the path, and a root that does not exist instead of the usual ones.</summary>
    private Task<Output> AloneAsync(string folder, string program, params string[] arguments)
    {
        var path = Directory.CreateDirectory(Path.Combine(_root, "path")).FullName;
        if (!File.Exists(Path.Combine(path, "sh")))
            File.CreateSymbolicLink(Path.Combine(path, "sh"), "/bin/sh");

        var bare = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(static name => name.StartsWith("DOTNET", StringComparison.Ordinal))
            .Select(static name => KeyValuePair.Create(name, (string?)null));
        return Programs.RunAsync(program, arguments, folder, [.. bare, new("PATH", path), new("HOME", _root), new("DOTNET_ROOT", Path.Combine(_root, "no-dotnet"))]);
    }
}
