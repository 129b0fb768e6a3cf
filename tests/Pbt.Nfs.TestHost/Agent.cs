using System.Globalization;
using System.Text;
using Pbt.Core.Population;
using Pbt.Runtime.Leases;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Journal;

namespace Pbt.Nfs.TestHost;

/// <summary>What a driver lets a process on a host do in a study's directory, one line of standard input a request.</summary>
/// <remarks>A request is <c>NUMBER VERB ARGUMENT…</c>, its answer <c>NUMBER ok TEXT</c> or <c>NUMBER TYPE MESSAGE</c>.</remarks>
internal sealed class Agent(StudyDirectory directory)
{
    private readonly JournalStore _store = JournalStore.Create(directory);
    private readonly DirectoryCheckpointStore _checkpoints = new(directory);
    private readonly FileHeartbeats _heartbeats = new(directory);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _output = new();
    private Task<string>? _held;
    private JournalFile? _raw;

    public async Task RunAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            _ = Task.Run(() => AnswerAsync(words));
        }
    }

    private async Task AnswerAsync(string[] words)
    {
        string answer;
        try
        {
            answer = "ok " + await DoAsync(words[1..]);
        }
        catch (Exception e)
        {
            answer = $"{e.GetType().Name} {e.Message.ReplaceLineEndings(" ")}";
        }

        lock (_output)
            Console.Out.WriteLine($"{words[0]} {answer}");
    }

    private async Task<string> DoAsync(string[] request) => request switch
    {
        ["join", var name] => await JoinAsync(name),
        ["hold", var name] => await HoldAsync(name),
        ["release"] => await ReleaseAsync(),
        ["read"] => await ReadAsync(),
        ["wait", var version] => await WaitAsync(Number(version)),
        ["beat", var worker, var counter] => Done(() => _heartbeats.Beat(new(worker), Number(counter))),
        ["heartbeat", var worker] => _heartbeats.Read(new(worker))?.ToString(CultureInfo.InvariantCulture) ?? "none",
        ["publish", var interval, var size] => await PublishAsync(Checkpoint(interval), (int)Number(size)),
        ["fetch", var interval] => await FetchAsync(Checkpoint(interval)),
        ["tear", var text] => Done(() => Tear(text)),
        ["raw-lock", var name] => Done(() => RawLock(name)),
        ["raw-write", var text] => Done(() => _raw!.Write(Encoding.UTF8.GetBytes(text), _raw.Length)),
        ["raw-sync"] => Done(() => _raw!.Sync()),
        ["raw-cut", var length] => Done(() => _raw!.Truncate(Number(length))),
        ["raw-unlock"] => Done(() => _raw!.Unlock()),
        _ => throw new NotSupportedException(string.Join(' ', request)),
    };

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static CheckpointId Checkpoint(string interval) => new(new(0), (int)Number(interval), new(Number(interval)));

    private static string Done(Action action)
    {
        action();
        return string.Empty;
    }

    private static WorkerJoined Joined(string name) => new(new(name), "host", 1, BootId: null, 0, 1);

    private async Task<string> JoinAsync(string name)
    {
        var committed = await _store.TransactAsync(transaction =>
        {
            transaction.Add(Joined(name));
            return 0;
        });
        return committed.Version.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Begins a transaction, and answers once it has the lock.</summary>
    private async Task<string> HoldAsync(string name)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held = Task.Run(async () => (await _store.TransactAsync(transaction =>
        {
            begun.SetResult();
            _release.Task.GetAwaiter().GetResult();
            transaction.Add(Joined(name));
            return 0;
        })).Version.ToString(CultureInfo.InvariantCulture));
        await begun.Task;
        return string.Empty;
    }

    private async Task<string> ReleaseAsync()
    {
        _release.TrySetResult();
        return await _held!;
    }

    private async Task<string> ReadAsync()
    {
        List<string> names = [];
        await foreach (var recorded in _store.ReadAsync(afterVersion: 0))
        {
            if (recorded.Version != names.Count + 1)
                throw new InvalidOperationException($"version {recorded.Version} follows {names.Count}");

            names.Add(((WorkerJoined)recorded.Event).Worker.Value);
        }

        return string.Join(',', names);
    }

    private async Task<string> WaitAsync(long version)
    {
        await _store.WaitAsync(version);
        return string.Empty;
    }

    private async Task<string> PublishAsync(CheckpointId id, int size)
    {
        var staged = _checkpoints.Stage(id);
        await File.WriteAllTextAsync(Path.Combine(staged, "weights"), new string('w', size));
        var result = await _checkpoints.PublishAsync(id);
        return result is PublishResult.Published ? string.Empty : throw new InvalidOperationException(result.ToString());
    }

    private async Task<string> FetchAsync(CheckpointId id)
    {
        if (await _checkpoints.FetchAsync(id) is not FetchResult.Fetched { Path: var path })
            return "none";

        var manifest = File.Exists(Path.Combine(path, CheckpointManifest.FileName));
        return $"{manifest} {(await File.ReadAllTextAsync(Path.Combine(path, "weights"))).Length}";
    }

    /// <summary>Appends as a writer does that is killed in the middle of it.</summary>
    private void Tear(string text)
    {
        using var file = JournalFile.Open(directory.Journal, writable: true);
        file.Lock(exclusive: true);
        file.Write(Encoding.UTF8.GetBytes(text), file.Length);
        file.Sync();
    }

    private void RawLock(string name)
    {
        _raw = JournalFile.Open(Path.Combine(directory.Root, name), writable: true);
        _raw.Lock(exclusive: true);
    }
}
