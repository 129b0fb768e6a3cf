using System.Runtime.InteropServices;
using System.Text;

namespace Pbt.Runtime.Processes;

/// <summary>How a sweep ended.</summary>
/// <param name="Killed">How many processes were sent SIGKILL.</param>
/// <param name="Remaining">How many were still there at the end: 0 unless a process hangs in the kernel, or keeps multiplying.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SweepOutcome(int Killed, int Remaining);

/// <summary>Finds and kills the processes that carry a mark in their environment.</summary>
/// <remarks>
/// <para>Descendants inherit the mark whatever they do with sessions, groups and parents. Only processes of this
/// user are found; this process and its ancestors never are.</para>
/// <para>Thread-safe. Does not throw for processes that vanish or cannot be read. Finds nothing where there is no
/// <c>/proc</c>.</para>
/// </remarks>
public static class ProcessSweep
{
    private const int CleanPassesToEnd = 2;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The pids of the running processes that carry the mark, in no particular order.</summary>
    public static IReadOnlyList<int> Find(EnvironmentEntry mark) => [.. Find(new SweepTarget(mark)).Select(found => found.Pid)];

    /// <summary>Kills the processes that carry the mark until none is left, for at most 5 seconds.</summary>
    /// <remarks>
    /// It ends after two passes in a row that find none: one alone can miss a process that is just executing a
    /// program, whose environment is empty for that moment.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled; processes may be left.</exception>
    public static Task<SweepOutcome> KillAsync(
        EnvironmentEntry mark,
        TimeProvider? timeProvider = null,
        CancellationToken cancellationToken = default) =>
        KillAsync(new SweepTarget(mark), timeProvider ?? TimeProvider.System, cancellationToken);

    internal static async Task<SweepOutcome> KillAsync(SweepTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var killed = new HashSet<(int Pid, long StartTicks)>();
        var pause = FirstPause;
        var clean = 0;
        while (true)
        {
            var found = Find(target);
            clean = found.Count == 0 ? clean + 1 : 0;
            if (clean == CleanPassesToEnd || time.GetElapsedTime(began) > Patience)
                return new SweepOutcome(killed.Count, found.Count);
            foreach (var process in found)
            {
                if (Signals.KillExactly(process.Pid, process.StartTicks))
                    killed.Add((process.Pid, process.StartTicks));
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    internal static List<ProcessStat> Find(SweepTarget target)
    {
        var mark = Encoding.UTF8.GetBytes(target.Mark.ToString());
        var all = new Dictionary<int, ProcessStat>();
        foreach (var pid in ProcFiles.Pids())
        {
            if (ProcessStat.Read(pid) is { HasEnded: false } stat)
                all[pid] = stat;
        }

        var spared = Lineage(all, Environment.ProcessId);
        var found = new HashSet<int>();
        foreach (var stat in all.Values)
        {
            if (!spared.Contains(stat.Pid) && (target.Names(stat, all) || Carries(stat.Pid, mark)))
                found.Add(stat.Pid);
        }

        AddDescendants(all, found, spared);
        found.RemoveWhere(pid => !IsOwn(pid));
        return [.. found.Select(pid => all[pid])];
    }

    /// <summary>True when one whole entry of an environment equals the mark.</summary>
    internal static bool Holds(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> mark)
    {
        for (var from = 0; environment[from..].IndexOf(mark) is >= 0 and var offset; from += offset + 1)
        {
            var start = from + offset;
            var end = start + mark.Length;
            if ((start == 0 || environment[start - 1] == 0) && (end == environment.Length || environment[end] == 0))
                return true;
        }

        return false;
    }

    private static bool Carries(int pid, byte[] mark) =>
        ProcFiles.TryRead(pid, "environ", content => Holds(content, mark), out var holds) && holds;

    // Asked only of processes that were found: root could read, and kill, those of everyone.
    private static bool IsOwn(int pid) =>
        ProcFiles.TryRead(pid, "status", static content => EffectiveUserOf(content), out var user) && user == LibC.EffectiveUser();

    private static long EffectiveUserOf(ReadOnlySpan<byte> status)
    {
        var at = status.IndexOf("\nUid:"u8);
        if (at < 0)
            return -1;
        var line = status[(at + 5)..];
        line = line[..line.IndexOf((byte)'\n')];
        var field = 0;
        foreach (var range in line.Split((byte)'\t'))
        {
            if (!line[range].IsEmpty && ++field == 2)
                return uint.TryParse(line[range], out var user) ? user : -1;
        }

        return -1;
    }

    private static HashSet<int> Lineage(Dictionary<int, ProcessStat> all, int pid)
    {
        var lineage = new HashSet<int> { 1, pid };
        while (all.TryGetValue(pid, out var stat) && stat.Parent > 0 && lineage.Add(stat.Parent))
            pid = stat.Parent;
        return lineage;
    }

    private static void AddDescendants(Dictionary<int, ProcessStat> all, HashSet<int> found, HashSet<int> spared)
    {
        if (found.Count == 0)
            return;
        var children = all.Values.ToLookup(stat => stat.Parent);
        var open = new Stack<int>(found);
        while (open.TryPop(out var parent))
        {
            foreach (var child in children[parent])
            {
                if (!spared.Contains(child.Pid) && found.Add(child.Pid))
                    open.Push(child.Pid);
            }
        }
    }
}
