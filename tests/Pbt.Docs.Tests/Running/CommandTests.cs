using Pbt.Docs.Tests.Pages;
using Pbt.Testing;

namespace Pbt.Docs.Tests.Running;

/// <summary>What a page tells a reader to type does what the page says.</summary>
public sealed class CommandTests
{
    private static readonly HashSet<string> Languages = new(["sh", "console", "text", "yaml", "json", "python", "csharp", "sql", "bash"], StringComparer.Ordinal);

    public static TheoryData<string> PagesWithCommands =>
        [.. Repository.Pages.Where(static path => Fences(path).Any(static fence => fence.HasCommands && fence.Mark(NotRun.Mark) is null) && !NeedsDatabase(path))];

    public static TheoryData<string> PagesWithDatabase => [.. Repository.Pages.Where(NeedsDatabase)];

    public static TheoryData<string> AllPages => [.. Repository.Pages];

    [Theory]
    [MemberData(nameof(PagesWithCommands))]
    public Task Following_a_page_works(string path) => PageRun.FollowAsync(DocPage.Read(path));

    [PostgresTheory]
    [MemberData(nameof(PagesWithDatabase))]
    public Task Following_a_page_with_a_database_works(string path) => PageRun.FollowAsync(DocPage.Read(path));

    [Theory]
    [NotRun(NotRun.Slurm)]
    [NotRun(NotRun.Scheduler)]
    [NotRun(NotRun.Gpu)]
    [NotRun(NotRun.Bucket)]
    [NotRun(NotRun.Machines)]
    [NotRun(NotRun.Packages)]
    [NotRun(NotRun.Builds)]
    [NotRun(NotRun.Long)]
    [NotRun(NotRun.Elsewhere)]
    [NotRun(NotRun.Program)]
    public void Following_a_block_works(string path, int line) => Assert.Fail($"{path}:{line} is not run here");

    [Theory]
    [MemberData(nameof(AllPages))]
    public void A_block_that_is_not_run_has_one_of_the_known_reasons(string path)
    {
        var reasons = DocPage.Read(path).Fences.Select(static fence => fence.Mark(NotRun.Mark)).OfType<string>();

        Assert.Equal([], reasons.Except(NotRun.Reasons, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Every_block_says_what_it_is_and_commands_are_in_blocks_of_commands(string path)
    {
        var fences = DocPage.Read(path).Fences;

        Assert.Empty(fences.Where(static fence => !Languages.Contains(fence.Language)).Select(fence => $"{path}:{fence.Line} '{fence.Language}'"));
        Assert.Empty(fences.Where(static fence => !fence.HasCommands && fence.Text.Split('\n').Any(IsCommand)).Select(fence => $"{path}:{fence.Line}"));
    }

    private static IReadOnlyList<Fence> Fences(string path) => DocPage.Read(path).Fences;

    private static bool NeedsDatabase(string path) => Fences(path).Any(static fence => fence.Mark(PageRun.Database) is not null);

    private static bool IsCommand(string line) => line.StartsWith("$ ", StringComparison.Ordinal) || line.StartsWith("./pbt ", StringComparison.Ordinal) || line.StartsWith("pbt ", StringComparison.Ordinal);
}

/// <summary>A theory that needs a PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.Missing;
}
