using System.Collections;
using Pbt.Runtime.Processes;

// Plays a worker in a process of its own, so that a test may kill it.
//   arguments ARG...            prints its arguments, one a line, in base64
//   status PROGRAM ARG...       runs a program and prints how it ended
//   worker TOKEN DIRECTORY N    starts a guard and N trainers with grandchildren, then waits to be killed

return args switch
{
    ["arguments", .. var rest] => PrintArguments(rest),
    ["status", var program, .. var rest] => await PrintStatusAsync(program, rest),
    ["worker", var token, var directory, var count] => await PlayWorkerAsync(token, directory, int.Parse(count, null)),
    _ => 2,
};

static int PrintArguments(string[] arguments)
{
    foreach (var argument in arguments)
        Console.WriteLine(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(argument)));
    return 0;
}

static async Task<int> PrintStatusAsync(string program, string[] arguments)
{
    var start = ChildProcess.Start(new ProcessLaunch
    {
        FileName = program,
        Arguments = arguments,
        WorkingDirectory = "/",
        Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        StandardOutputPath = "/dev/null",
        StandardErrorPath = "/dev/null",
    });
    Console.WriteLine(start is ProcessStart.Started(var child) ? await child.WaitAsync() : start);
    return 0;
}

static async Task<int> PlayWorkerAsync(string token, string directory, int count)
{
    await using var guard = TrainerGuard.Start(token);
    var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
    environment[guard.Mark.Name] = guard.Mark.Value;

    // Each process writes its pid: the trainer, a plain child, one without the mark (which only its group betrays), one
    // with a session of its own, and a daemon (a session of its own, and no living ancestor).
    const string Trainer = """
        echo $$ >> pids
        sleep 600 &
        echo $! >> pids
        env -i sh -c 'echo $$ >> pids; exec sleep 600' &
        setsid sh -c 'echo $$ >> pids; sleep 600; :' &
        (setsid sh -c 'sh -c "echo \$\$ >> pids; sleep 600; :" & exit' &)
        wait
        """;
    for (var i = 0; i < count; i++)
    {
        var start = ChildProcess.Start(new ProcessLaunch
        {
            FileName = "sh",
            Arguments = ["-c", Trainer],
            WorkingDirectory = directory,
            Environment = environment,
            StandardOutputPath = Path.Combine(directory, "log"),
            StandardErrorPath = Path.Combine(directory, "log"),
        });
        if (start is not ProcessStart.Started(var child))
            return 1;
        guard.Register(child.Pid);
    }

    await File.WriteAllTextAsync(Path.Combine(directory, "guard"), $"{guard.ProcessId}\n");
    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    return 0;
}
