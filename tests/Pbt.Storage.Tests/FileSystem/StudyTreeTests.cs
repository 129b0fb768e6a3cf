using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Journal;
using Pbt.Storage.Metrics;

namespace Pbt.Storage.Tests.FileSystem;

/// <summary>Links that a trainer has put in the places of a study's directories.</summary>
public sealed class StudyTreeTests : IDisposable
{
    private static readonly CheckpointId Id = new(new MemberId(3), 7, new AttemptId(123));

    private readonly TemporaryStudy _study = new();
    private readonly TemporaryStudy _elsewhere = new();
    private readonly DirectoryCheckpointStore _store;

    public StudyTreeTests()
    {
        _store = new DirectoryCheckpointStore(_study.Directory);

        // What pbt would look for, had it come this way: every name that it ever deletes.
        foreach (var name in new[] { ".staged-i000007-a000123", ".deleted-i000007-a000123", "i000007-a000123" })
        {
            Directory.CreateDirectory(Path.Combine(Elsewhere, name));
            File.WriteAllText(Path.Combine(Elsewhere, name, "precious"), "kept");
        }
    }

    private string Elsewhere => _elsewhere.Directory.Root;

    public void Dispose()
    {
        _study.Dispose();
        _elsewhere.Dispose();
    }

    [Theory]
    [InlineData("checkpoints/m0003")]
    [InlineData("checkpoints")]
    public async Task Nothing_is_made_published_or_deleted_through_a_link(string place)
    {
        var link = Path.Combine(_study.Directory.Root, place);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        var target = Elsewhere;
        if (place is "checkpoints")
        {
            // The same names, one level down.
            target = Directory.CreateTempSubdirectory("pbt-test-").FullName;
            Directory.Move(Elsewhere, Path.Combine(target, "m0003"));
            Directory.CreateDirectory(Elsewhere);
        }

        Directory.CreateSymbolicLink(link, target);
        var before = Everything(target);

        AssertNames(link, Assert.Throws<DamagedStoreException>(() => _store.Stage(Id)));
        AssertNames(link, await Assert.ThrowsAsync<DamagedStoreException>(async () => await _store.PublishAsync(Id)));
        AssertNames(link, Assert.Throws<DamagedStoreException>(() => _store.Discard(Id)));
        AssertNames(link, Assert.Throws<DamagedStoreException>(() => _store.Delete(Id)));
        AssertNames(link, await Assert.ThrowsAsync<DamagedStoreException>(async () => await _store.FetchAsync(Id)));
        if (place is "checkpoints")
            AssertNames(link, Assert.Throws<DamagedStoreException>(() => _store.List().ToList()));
        else
            Assert.Empty(_store.List());

        Assert.Equal(before, Everything(target));
        if (place is "checkpoints")
            Directory.Delete(target, recursive: true);
    }

    [Fact]
    public async Task A_staged_directory_that_has_become_a_link_is_refused_and_only_the_link_is_removed()
    {
        var staged = _store.Stage(Id);
        Directory.Delete(staged);
        Directory.CreateSymbolicLink(staged, Elsewhere);
        var before = Everything(Elsewhere);

        var refused = Assert.IsType<PublishResult.Refused>(await _store.PublishAsync(Id));
        Assert.Contains("symbolic link", refused.Reason, StringComparison.Ordinal);
        _store.Discard(Id);

        Assert.Empty(_store.List());
        Assert.Equal(FileKind.Missing, FileKinds.Of(staged));
        Assert.Equal(before, Everything(Elsewhere));
    }

    [Fact]
    public async Task A_published_checkpoint_that_has_become_a_link_is_missing_and_only_the_link_is_removed()
    {
        File.WriteAllText(Path.Combine(_store.Stage(Id), "weights.bin"), "hello");
        await _store.PublishAsync(Id);
        var path = _store.Locate(Id);
        Directory.Delete(path, recursive: true);
        Directory.CreateSymbolicLink(path, Elsewhere);
        var before = Everything(Elsewhere);

        Assert.IsType<FetchResult.Missing>(await _store.FetchAsync(Id));
        _store.Delete(Id);

        Assert.Equal(FileKind.Missing, FileKinds.Of(path));
        Assert.Equal(before, Everything(Elsewhere));
    }

    [Fact]
    public async Task Links_inside_a_checkpoint_are_removed_with_it_and_what_they_lead_to_stays()
    {
        var staged = _store.Stage(Id);
        File.WriteAllText(Path.Combine(staged, "weights.bin"), "hello");
        await _store.PublishAsync(Id);
        Directory.CreateSymbolicLink(Path.Combine(_store.Locate(Id), "planted"), Elsewhere);
        File.CreateSymbolicLink(Path.Combine(_store.Locate(Id), "planted-too"), Path.Combine(Elsewhere, "i000007-a000123", "precious"));
        var before = Everything(Elsewhere);

        _store.Delete(Id);

        Assert.Empty(_store.List());
        Assert.Equal(before, Everything(Elsewhere));
    }

    [Fact]
    public void Progress_is_not_written_through_a_link()
    {
        var secret = Path.Combine(Elsewhere, "secret");
        File.WriteAllText(secret, "secret");
        Directory.CreateDirectory(_study.Directory.Metrics);
        File.CreateSymbolicLink(_study.Directory.MetricsOf(Id.Member), secret);
        using var line = JsonDocument.Parse("{\"loss\": 1}");
        var log = new MetricsLog(_study.Directory, TimeProvider.System);

        Assert.ThrowsAny<IOException>(() => log.Append(Id, [line.RootElement]));
        Directory.Delete(_study.Directory.Metrics, recursive: true);
        Directory.CreateSymbolicLink(_study.Directory.Metrics, Elsewhere);
        Assert.Throws<DamagedStoreException>(() => log.Append(Id, [line.RootElement]));

        Assert.Equal("secret", File.ReadAllText(secret));
        Assert.False(File.Exists(Path.Combine(Elsewhere, "m0003.jsonl")));
    }

    [Fact]
    public void A_journal_that_is_a_link_is_not_opened()
    {
        var other = Path.Combine(Elsewhere, "other");
        File.CreateSymbolicLink(_study.Journal, other);
        AssertNames(_study.Journal, Assert.Throws<DamagedStoreException>(() => JournalStore.Create(_study.Directory)));
        Assert.False(File.Exists(other));
        File.WriteAllText(other, string.Empty);
        AssertNames(_study.Journal, Assert.Throws<DamagedStoreException>(() => JournalStore.Open(_study.Directory)));
    }

    [Fact]
    public void The_study_itself_may_be_reached_through_a_link_since_the_user_names_it()
    {
        var link = Path.Combine(Elsewhere, "study");
        Directory.CreateSymbolicLink(link, _study.Directory.Root);
        var store = new DirectoryCheckpointStore(new StudyDirectory(link));
        File.WriteAllText(Path.Combine(store.Stage(Id), "weights.bin"), "hello");
        Assert.Single(_store.List());
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../other")]
    [InlineData("/etc")]
    [InlineData("checkpoints/../../other")]
    public void A_directory_outside_the_study_is_refused(string directory) => Assert.Throws<DamagedStoreException>(
        () => StudyTree.Require(_study.Directory, Path.GetFullPath(directory, _study.Directory.Root)));

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData(".hidden")]
    [InlineData("wörker")]
    public void A_worker_whose_name_could_lead_elsewhere_has_no_file(string name)
    {
        Assert.False(new WorkerId(name).IsValid);
        Assert.Throws<ArgumentException>(() => _study.Directory.HeartbeatOf(new WorkerId(name)));
        Assert.False(new WorkerId(new string('x', 201)).IsValid);
        Assert.Equal(Path.Combine(_study.Directory.Workers, "host-1.example_2-17"), _study.Directory.HeartbeatOf(new WorkerId("host-1.example_2-17")));
    }

    private static void AssertNames(string path, Exception error)
    {
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("symbolic link", error.Message, StringComparison.Ordinal);
        Assert.Contains("--dir", error.Message, StringComparison.Ordinal);
    }

    private static List<string> Everything(string directory) =>
        [.. Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
