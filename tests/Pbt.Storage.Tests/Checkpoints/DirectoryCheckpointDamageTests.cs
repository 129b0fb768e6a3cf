using System.Text;
using Pbt.Core.Population;
using Pbt.Storage.Checkpoints;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Checkpoints;

public sealed class DirectoryCheckpointDamageTests : CheckpointStoreConformance, IDisposable
{
    private readonly TemporaryStudy _study = new();
    private readonly DirectoryCheckpointStore _store;

    public DirectoryCheckpointDamageTests() => _store = new DirectoryCheckpointStore(_study.Directory);

    protected override ICheckpointStore Store => _store;

    private string Manifest => Path.Combine(Kept(Id), CheckpointManifest.FileName);

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task A_manifest_that_is_gone_or_torn_is_damage()
    {
        await PublishAsync();
        await File.WriteAllTextAsync(Manifest, (await File.ReadAllTextAsync(Manifest))[..^20]);
        await IsDamagedAsync("manifest");

        File.Delete(Manifest);
        await IsDamagedAsync("manifest", "missing");
        Directory.CreateDirectory(Manifest);
        await IsDamagedAsync("manifest");
    }

    [Fact]
    public async Task A_manifest_longer_than_any_is_not_read()
    {
        await PublishAsync();
        using (var file = File.OpenWrite(Manifest))
            file.SetLength(CheckpointManifest.MaxBytes + 1L);

        await IsDamagedAsync("manifest", "more than any");
    }

    [Theory]
    [InlineData("away/secret")]
    [InlineData("latest/weights.bin")]
    public async Task A_manifest_whose_paths_lead_through_links_is_damage(string path)
    {
        await PublishAsync();
        var outside = Directory.CreateDirectory(Path.Combine(_study.Directory.Root, "elsewhere")).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "weights");
        Directory.CreateSymbolicLink(Path.Combine(Kept(Id), "away"), outside);
        var manifest = CheckpointManifest.Read(await File.ReadAllBytesAsync(Manifest))!;
        var weights = manifest.Files.Single(static f => f.Path.EndsWith("weights.bin", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(Manifest, (manifest with { Files = [.. manifest.Files.Remove(weights), weights with { Path = path }] }).ToJson());

        await IsDamagedAsync($"'{path}'", "not inside");
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("../../other")]
    public async Task A_manifest_whose_links_point_out_is_damage(string target)
    {
        await PublishAsync();
        File.Delete(Path.Combine(Kept(Id), "latest"));
        Directory.CreateSymbolicLink(Path.Combine(Kept(Id), "latest"), target);
        var text = await File.ReadAllTextAsync(Manifest);
        await File.WriteAllTextAsync(Manifest, text.Replace("\"step-1\"", $"\"{target}\"", StringComparison.Ordinal));

        await IsDamagedAsync("'latest'", "outside");
    }

    [Fact]
    public async Task Of_several_damaged_files_the_first_of_the_manifest_is_named()
    {
        var staged = _store.Stage(Id);
        for (var i = 0; i < 20; i++)
            await File.WriteAllTextAsync(Path.Combine(staged, $"part-{i:D2}"), "right");

        await _store.PublishAsync(Id);
        foreach (var i in (int[])[17, 5, 11])
            await File.WriteAllBytesAsync(Path.Combine(Kept(Id), $"part-{i:D2}"), Encoding.UTF8.GetBytes("wrong"));

        await IsDamagedAsync("part-05");
    }

    [Fact]
    public async Task A_file_whose_place_something_else_has_taken_is_found()
    {
        await PublishAsync();
        var file = Path.Combine(Kept(Id), "step-1", "weights.bin");
        File.Move(file, Path.Combine(Kept(Id), "step-1", "moved"));
        File.CreateSymbolicLink(file, "moved");
        await IsDamagedAsync("'step-1/weights.bin'", "no regular file");

        File.Delete(file);
        Directory.CreateDirectory(file);
        await IsDamagedAsync("'step-1/weights.bin'", "no regular file");
    }

    [Fact]
    public async Task A_link_that_is_gone_or_points_elsewhere_is_found()
    {
        await PublishAsync();
        var link = Path.Combine(Kept(Id), "latest");
        File.Delete(link);
        await IsDamagedAsync("link 'latest'", "missing");

        Directory.CreateSymbolicLink(link, "step-2");
        await IsDamagedAsync("link 'latest'", "'step-2'", "'step-1'");
    }

    [Fact]
    public async Task With_sizes_only_nothing_but_the_manifest_is_read()
    {
        await PublishAsync();
        await ReplaceAsync(Id, "step-1/weights.bin", Encoding.UTF8.GetBytes("WEIGHTS"));

        Assert.IsType<FetchResult.Fetched>(await Store.FetchAsync(Id, CheckpointCheck.Sizes));
        await IsDamagedAsync("SHA-256");
    }

    protected override ICheckpointStore Elsewhere() => new DirectoryCheckpointStore(_study.Directory);

    protected override async Task ReplaceAsync(CheckpointId id, string path, byte[]? content)
    {
        var file = Path.Combine(Kept(id), path);
        if (content is null)
            File.Delete(file);
        else
            await File.WriteAllBytesAsync(file, content);
    }

    private string Kept(CheckpointId id) => _store.Locate(id);
}
