using System.Diagnostics;
using System.Globalization;
using Pbt.Simulation.Host;
using Pbt.Testing.Simulation;

var options = Options.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

var began = Stopwatch.GetTimestamp();
var totals = new Totals();
foreach (var scenario in options.Scenarios())
{
    if (totals.Completed >= options.Intervals)
        break;

    var report = FaultSimulation.Run(scenario);
    totals.Add(report);
    if (report.Violation is null)
    {
        if (options.IsVerbose || totals.Studies % 250 == 0)
            Console.WriteLine(totals.Line(Stopwatch.GetElapsedTime(began)) + (options.IsVerbose ? $"  {scenario}" : string.Empty));
        continue;
    }

    Console.WriteLine($"VIOLATION {report.Violation}\n  {scenario}\nshrinking …");
    var small = ScenarioShrinker.Shrink(report);
    foreach (var line in small.Recent)
        Console.WriteLine($"  {line}");

    Console.WriteLine($"VIOLATION {small.Violation}");
    Console.WriteLine($"to see it again: eng/simulate-faults {small.Scenario}");
    return 1;
}

Console.WriteLine(totals.Line(Stopwatch.GetElapsedTime(began)));
Console.WriteLine(totals.FaultLine());
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{totals.Completed} intervals, 0 violations"));
return 0;
