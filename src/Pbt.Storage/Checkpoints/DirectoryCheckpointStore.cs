using System.Globalization;
using System.Text.RegularExpressions;
using Pbt.Core.Population;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints;

/// <summary>Checkpoints below a study's <c>checkpoints</c> directory.</summary>
/// <remarks>
/// An attempt writes to <c>m0003/.staged-i000007-a000123</c>. To publish it, every file is hashed and synced, the manifest
/// is written, and the directory is renamed to <c>m0003/i000007-a000123</c>. To delete one it is first renamed out of
/// sight, so that a crash leaves no half of it. A file beside those of the manifest is no damage: what was published is there,
/// and a trainer that leaves a cache in the checkpoint that it loads must not cost the study that checkpoint.
/// </remarks>
public sealed partial class DirectoryCheckpointStore(StudyDirectory study) : ICheckpointStore
{
    private const string StagedPrefix = ".staged-";
    private const string DeletedPrefix = ".deleted-";

    /// <inheritdoc/>
    public string Stage(CheckpointId id)
    {
        Discard(id);
        return Directory.CreateDirectory(PathOf(id, StagedPrefix)).FullName;
    }

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(CheckpointId id, CancellationToken cancellationToken = default)
    {
        var staged = PathOf(id, StagedPrefix);
        var final = PathOf(id, string.Empty);
        if (!Directory.Exists(staged))
            return new PublishResult.Refused("the checkpoint directory is gone: write into $PBT_CHECKPOINT_OUT, and leave the directory itself in place");

        var inventory = await CheckpointInventory.TakeAsync(staged, cancellationToken);
        if (inventory.Problem is { } problem)
            return new PublishResult.Refused(problem);

        var manifest = inventory.Manifest!.ToJson();
        if (manifest.Length > CheckpointManifest.MaxBytes)
            return new PublishResult.Refused($"the checkpoint has {inventory.Manifest.Files.Length} files, more than pbt can list: pack them into fewer");

        DurableFile.WriteAtomically(Path.Combine(staged, CheckpointManifest.FileName), manifest);
        Directory.Move(staged, final);
        DurableFile.SyncDirectory(Path.GetDirectoryName(final)!);
        return new PublishResult.Published(inventory.Manifest);
    }

    /// <inheritdoc/>
    public void Discard(CheckpointId id)
    {
        DeleteTree(PathOf(id, StagedPrefix));
        DeleteTree(PathOf(id, DeletedPrefix));
    }

    /// <inheritdoc/>
    public ValueTask<FetchResult> FetchAsync(
        CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default) =>
        CheckpointVerification.CheckAsync(PathOf(id, string.Empty), check, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FetchResult> VerifyAsync(CheckpointId id, CancellationToken cancellationToken = default) =>
        FetchAsync(id, CheckpointCheck.Digests, cancellationToken);

    /// <inheritdoc/>
    public string Locate(CheckpointId id) => PathOf(id, string.Empty);

    /// <inheritdoc/>
    public void Delete(CheckpointId id)
    {
        var path = PathOf(id, string.Empty);
        var hidden = PathOf(id, DeletedPrefix);
        try
        {
            Directory.Move(path, hidden);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        DeleteTree(hidden);
    }

    /// <inheritdoc/>
    public IEnumerable<StoredCheckpoint> List()
    {
        if (!Directory.Exists(study.Checkpoints))
            yield break;

        foreach (var member in Directory.EnumerateDirectories(study.Checkpoints))
        {
            foreach (var checkpoint in Directory.EnumerateDirectories(member))
            {
                if (Parse(Path.GetFileName(member), Path.GetFileName(checkpoint)) is { } found)
                    yield return found;
            }
        }
    }

    private static StoredCheckpoint? Parse(string member, string checkpoint)
    {
        var owner = MemberName().Match(member);
        var name = CheckpointName().Match(checkpoint);
        if (!owner.Success || !name.Success)
            return null;

        var id = new CheckpointId(
            new MemberId(int.Parse(owner.Groups["member"].ValueSpan, CultureInfo.InvariantCulture)),
            int.Parse(name.Groups["interval"].ValueSpan, CultureInfo.InvariantCulture),
            new AttemptId(long.Parse(name.Groups["attempt"].ValueSpan, CultureInfo.InvariantCulture)));
        return new StoredCheckpoint(id, name.Groups["prefix"].Length == 0);
    }

    private static void DeleteTree(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else has removed it, which is as good.
        }
    }

    private string PathOf(CheckpointId id, string prefix)
    {
        var relative = id.ToString();
        var slash = relative.IndexOf('/', StringComparison.Ordinal);
        return Path.Combine(study.Checkpoints, relative[..slash], prefix + relative[(slash + 1)..]);
    }

    [GeneratedRegex("^m(?<member>[0-9]{4,9})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MemberName();

    [GeneratedRegex("^(?<prefix>\\.staged-|\\.deleted-)?i(?<interval>[0-9]{6,9})-a(?<attempt>[0-9]{6,18})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CheckpointName();
}
