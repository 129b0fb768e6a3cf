using System.Globalization;
using System.Text.RegularExpressions;
using Pbt.Core.Population;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints;

/// <summary>Checkpoints below a study's <c>checkpoints</c> directory.</summary>
/// <remarks>
/// An attempt writes to <c>m0003/.staged-i000007-a000123</c>. To publish it, every file is hashed, the manifest
/// is written, the directory is renamed to <c>m0003/i000007-a000123</c>, and all of it is synced at once. A crash in between leaves a
/// checkpoint that the log does not name, and so nobody uses: what is in the log was durable before. To delete one it is first renamed out of
/// sight, so that a crash leaves no half of it. A file beside those of the manifest is no damage: what was published is there,
/// and a trainer that leaves a cache in the checkpoint that it loads must not cost the study that checkpoint. Links that
/// stand where a directory should are never followed.
/// </remarks>
public sealed partial class DirectoryCheckpointStore(StudyDirectory study) : ICheckpointStore
{
    private const string StagedPrefix = ".staged-";
    private const string DeletedPrefix = ".deleted-";

    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <inheritdoc/>
    public string Stage(CheckpointId id)
    {
        var staged = PathOf(id, StagedPrefix);
        StudyTree.Require(study, Path.GetDirectoryName(staged)!);
        StudyTree.Delete(staged);
        Directory.CreateDirectory(staged);
        return staged;
    }

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(CheckpointId id, bool isDurable = true, CancellationToken cancellationToken = default)
    {
        var staged = PathOf(id, StagedPrefix);
        var final = PathOf(id, string.Empty);
        StudyTree.Require(study, Path.GetDirectoryName(staged)!);
        if (FileKinds.Of(staged) is not FileKind.Directory and var kind)
        {
            if (kind == FileKind.Missing && Published(final, isDurable) is { } published)
                return published;

            var found = kind == FileKind.Missing ? "gone" : $"now {FileKinds.Describe(kind)}";
            return new PublishResult.Refused($"the checkpoint directory is {found}: write into $PBT_CHECKPOINT_OUT, and leave the directory itself in place");
        }

        var inventory = await CheckpointInventory.TakeAsync(staged, cancellationToken);
        if (inventory.Problem is { } problem)
            return new PublishResult.Refused(problem);

        var manifest = inventory.Manifest!.ToJson();
        if (manifest.Length > CheckpointManifest.MaxBytes)
            return new PublishResult.Refused($"the checkpoint has {inventory.Manifest.Files.Length} files, more than pbt can list: pack them into fewer");

        DurableFile.Write(Path.Combine(staged, CheckpointManifest.FileName), manifest);
        Directory.Move(staged, final);
        if (isDurable)
            Sync(final, inventory.Manifest, inventory.Directories);

        return new PublishResult.Published(inventory.Manifest);
    }

    /// <summary>What an earlier try has published, whose last step, making the rename durable, failed: that is done again.</summary>
    private static PublishResult.Published? Published(string final, bool isDurable)
    {
        using var file = UntrustedFile.TryOpen(Path.Combine(final, CheckpointManifest.FileName), out _);
        if (file is null || CheckpointManifest.Read(UntrustedFile.Read(file, offset: 0, CheckpointManifest.MaxBytes)) is not { } manifest)
            return null;

        if (isDurable)
            Sync(final, manifest, [.. Directory.EnumerateDirectories(final, "*", Below).Select(directory => Path.GetRelativePath(final, directory))]);

        return new PublishResult.Published(manifest);
    }

    /// <summary>Makes all of a checkpoint durable, and its name.</summary>
    private static void Sync(string final, CheckpointManifest manifest, IReadOnlyList<string> directories) => DurableFile.SyncAll(
        [.. manifest.Files.Select(file => Path.Combine(final, file.Path)), Path.Combine(final, CheckpointManifest.FileName)],
        [.. directories.Select(directory => Path.Combine(final, directory)), final, Path.GetDirectoryName(final)!]);

    /// <summary>Removes what an attempt has staged and not published, and what an interrupted deletion has left, if anything.</summary>
    public void Discard(CheckpointId id)
    {
        var staged = PathOf(id, StagedPrefix);
        StudyTree.Require(study, Path.GetDirectoryName(staged)!);
        StudyTree.Delete(staged);
        StudyTree.Delete(PathOf(id, DeletedPrefix));
    }

    /// <inheritdoc/>
    public ValueTask<FetchResult> FetchAsync(
        CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default)
    {
        var path = PathOf(id, string.Empty);
        StudyTree.Require(study, Path.GetDirectoryName(path)!);
        if (FileKinds.Of(path) == FileKind.Missing)
            RemoteDirectory.HasAfterAll(path);

        return CheckpointVerification.CheckAsync(path, check, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<FetchResult> VerifyAsync(
        CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default) =>
        FetchAsync(id, check, cancellationToken);

    /// <inheritdoc/>
    public string Locate(CheckpointId id) => PathOf(id, string.Empty);

    /// <summary>Deletes a published checkpoint, if it is there.</summary>
    public void Delete(CheckpointId id)
    {
        var path = PathOf(id, string.Empty);
        var hidden = PathOf(id, DeletedPrefix);
        StudyTree.Require(study, Path.GetDirectoryName(path)!);
        try
        {
            Directory.Move(path, hidden);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        StudyTree.Delete(hidden);
    }

    /// <summary>All that is there: published, and staged.</summary>
    public IEnumerable<StoredCheckpoint> List()
    {
        StudyTree.Require(study, study.Checkpoints);
        if (!Directory.Exists(study.Checkpoints))
            yield break;

        foreach (var member in Directory.EnumerateDirectories(study.Checkpoints))
        {
            if (FileKinds.Of(member) != FileKind.Directory)
                continue;

            foreach (var checkpoint in Directory.EnumerateDirectories(member))
            {
                if (Parse(Path.GetFileName(member), Path.GetFileName(checkpoint)) is { } found)
                    yield return found;
            }
        }
    }

    /// <summary>What the names of a member's directory and of one in it say; null if it is no checkpoint.</summary>
    internal static StoredCheckpoint? Parse(string member, string checkpoint)
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
