namespace Pbt.Runtime.Processes;

/// <summary>Calls <c>posix_spawn</c>.</summary>
/// <remarks>
/// The child leads a session and a process group of its own, with every signal at its default and none blocked:
/// .NET ignores SIGPIPE, and a child that inherited that would not end with the pipe it writes to. glibc runs the
/// child on the parent's memory until it executes the program, so that the cost does not grow with the parent.
/// </remarks>
internal static unsafe class Spawner
{
    // glibc needs 336 bytes for attributes, 80 for actions and 128 for a signal set; others need less.
    private const int AttributeWords = 128;
    private const int ActionWords = 64;
    private const int SignalWords = 16;
    // Less what the umask takes away.
    private const uint LogMode = 0b110_110_110;

    /// <summary>Starts a process and returns its pid, or 0 with an error number.</summary>
    internal static int Spawn(
        string program,
        ProcessLaunch launch,
        string workingDirectory,
        EnvironmentEntry? marker,
        ChildStreams streams,
        out int error)
    {
        using var arguments = new NativeStrings([launch.FileName, .. launch.Arguments]);
        using var environment = new NativeStrings(EntriesOf(launch, marker));
        using var paths = new NativeStrings(
            [program, workingDirectory, Path.GetFullPath(launch.StandardOutputPath), Path.GetFullPath(launch.StandardErrorPath), "/dev/null"]);
        var sharesLog = string.Equals(launch.StandardOutputPath, launch.StandardErrorPath, StringComparison.Ordinal);

        var actions = stackalloc long[ActionWords];
        var attributes = stackalloc long[AttributeWords];
        error = LibC.InitActions(actions);
        if (error != 0)
            return 0;
        try
        {
            error = LibC.InitAttributes(attributes);
            if (error != 0)
                return 0;
            try
            {
                error = Describe(actions, paths, streams, sharesLog);
                if (error == 0)
                    error = Describe(attributes);
                var pid = 0;
                if (error == 0)
                    error = LibC.Spawn(&pid, paths[0], actions, attributes, arguments.Vector, environment.Vector);
                return error == 0 ? pid : 0;
            }
            finally
            {
                _ = LibC.DestroyAttributes(attributes);
            }
        }
        finally
        {
            _ = LibC.DestroyActions(actions);
        }
    }

    private static int Describe(long* actions, NativeStrings paths, ChildStreams streams, bool sharesLog)
    {
        var log = LibC.WriteOnly | LibC.CreateAppend;
        var error = streams.Input is { } input
            ? LibC.AddDuplicate(actions, input, 0)
            : LibC.AddOpen(actions, 0, paths[4], LibC.ReadOnly, 0);
        if (error == 0 && streams.Output is { } output)
            error = LibC.AddDuplicate(actions, output, 1);
        else if (error == 0)
            error = LibC.AddOpen(actions, 1, paths[2], log, LogMode);
        if (error == 0)
            error = sharesLog ? LibC.AddDuplicate(actions, 1, 2) : LibC.AddOpen(actions, 2, paths[3], log, LogMode);
        return error == 0 ? LibC.AddChangeDirectory(actions, paths[1]) : error;
    }

    private static int Describe(long* attributes)
    {
        var signals = stackalloc long[SignalWords];
        _ = LibC.FillSignals(signals);
        var error = LibC.SetDefaultedSignals(attributes, signals);
        _ = LibC.EmptySignals(signals);
        if (error == 0)
            error = LibC.SetSignalMask(attributes, signals);
        return error == 0
            ? LibC.SetFlags(attributes, (short)(LibC.SpawnSetSession | LibC.SpawnSetSignalDefaults | LibC.SpawnSetSignalMask))
            : error;
    }

    private static List<string> EntriesOf(ProcessLaunch launch, EnvironmentEntry? marker)
    {
        var entries = new List<string>(launch.Environment.Count + 1);
        foreach (var (name, value) in launch.Environment)
        {
            if (!string.Equals(name, marker?.Name, StringComparison.Ordinal))
                entries.Add($"{name}={value}");
        }

        if (marker is { } entry)
            entries.Add(entry.ToString());
        return entries;
    }
}
