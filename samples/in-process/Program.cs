using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime.Hosting;
using Pbt.Samples.InProcess;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: in-process STUDY.YAML DIR");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;   // What runs is given back; run it again to go on.
    stop.Cancel();
};

try
{
    using var result = await Study.RunAsync(args[0], static () => new RidgeTrainer(), new StudyRunOptions { Directory = args[1] }, stop.Token);
    if (result.Best is { } best)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"best loss {best.Record.Score:F4}, of {best.Member} after interval {best.Record.Interval}, in {result.BestCheckpoint}"));

    foreach (var stretch in result.BestSchedule)
        Console.WriteLine($"intervals {stretch.FirstInterval} to {stretch.LastInterval}: {stretch.Hyperparameters}");

    return result.State.Phase == StudyPhase.Completed ? 0 : 1;
}
catch (PbtException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
