using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

public sealed class FreshCloneTests
{
    /// <remarks>Builds everything once more, which takes half a minute: leave it out by <c>--filter Speed!=Slow</c>.</remarks>
    [RepositoryFact]
    [Trait("Speed", "Slow")]
    public async Task A_fresh_clone_builds_itself_and_runs()
    {
        var folder = Directory.CreateTempSubdirectory("pbt-clone-").FullName;
        try
        {
            (await Programs.RunAsync("git", ["clone", "--quiet", RepositoryFactAttribute.Root!, Path.Combine(folder, "pbt")], folder)).Expect(0);
            (await Programs.RunAsync(Path.Combine(folder, "pbt", "pbt"), ["validate", "samples/quadratic/study.yaml"], Path.Combine(folder, "pbt"))).Expect(0).Saying("quadratic");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
