using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Dashboard;
using Pbt.Dashboard.Http;
using Pbt.Dashboard.Live;
using Pbt.Dashboard.Reports;
using Pbt.Storage;
using Pbt.Storage.Journal;

namespace Pbt.Benchmarks.Dashboards;

/// <summary>How long a page takes to show a large study, and to show what is new in it, in Chromium.</summary>
public static class DashboardViews
{
    private const string Browser = "/usr/bin/chromium";
    private const int Members = 256;
    private const int Updates = 20;

    private static readonly WorkerId Worker = new("worker-1");
    private static readonly string[] Views = ["", "hyperparameters", "lineage", "members", "workers", "events"];

    private static StudySpec Spec { get; } = new()
    {
        Name = "large",
        Seed = 1,
        Population = Members,
        Objective = new Objective("score", Goal.Maximize),
        Interval = new IntervalLength(1000, null),
        Budget = new Budget(Intervals: 1_000_000),
        Hyperparameters = new SearchSpace(
        [
            new FloatHyperparameter("learning_rate", 1e-5, 1e-1, Scale.Log),
            new FloatHyperparameter("gamma", 0.9, 0.9999, Scale.OneMinusLog),
            new IntHyperparameter("epochs", 1, 10, Scale.Linear),
            new CategoricalHyperparameter("optimizer", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("sgd")]),
        ]),
        Trainer = new CommandTrainerSpec { Command = [new CommandArgument(["train"], Droppable: false)], WorkingDirectory = "/tmp" },
        Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1),
    };

    public static Task RunAsync(string[] args) => Report.InFolderAsync(args, root => RunAsync(root, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1000));

    private static async Task RunAsync(string root, int intervals)
    {
        var directory = new StudyDirectory(Path.Combine(root, "dashboard"));
        await using var store = JournalStore.Create(directory);
        var decisions = new MemberDecisions(Spec);
        await CreateAsync(store);
        for (var round = 0; round < intervals; round++)
            await RunRoundAsync(store, decisions, round);

        Report.Line($"dashboard: {Members} members × {intervals} intervals, {(await store.LoadAsync()).Version} events, journal {new FileInfo(directory.Journal).Length / 1e6:F0} MB");
        var watched = new WatchedStudy(directory, store, static _ => true);
        await MeasureServerAsync(watched);
        var watch = Stopwatch.StartNew();
        var bytes = await ReportFile.WriteAsync([watched], Path.Combine(root, "report.html"), TimeProvider.System, CancellationToken.None);
        Report.Line($"  report: {bytes / 1e6:F1} MB, written in {watch.Elapsed.TotalSeconds:F2} s");
        if (File.Exists(Browser))
            await MeasurePageAsync(store, decisions, watched, intervals);
        else
            Report.Line($"  there is no {Browser}: the page is not measured");

        Directory.Delete(directory.Root, recursive: true);
    }

    private static async Task MeasureServerAsync(WatchedStudy watched)
    {
        var watch = Stopwatch.StartNew();
        var feed = new StudyFeed(watched, TimeProvider.System, new Pulse());
        await feed.CatchUpAsync(CancellationToken.None);
        var folded = watch.Elapsed;
        watch.Restart();
        using var json = new JsonBuffer();
        var cursor = default(Cursor);
        json.Make(writer => feed.TryWriteChange(writer, 0, ref cursor));
        Report.Line($"  server: the log folded in {folded.TotalSeconds:F2} s, once; the first view made in {watch.Elapsed.TotalSeconds:F2} s, {json.Written.Length / 1e6:F1} MB");
    }

    private static async Task MeasurePageAsync(JournalStore store, MemberDecisions decisions, WatchedStudy watched, int intervals)
    {
        var starting = Stopwatch.StartNew();
        await using var server = await DashboardServer.StartAsync([watched], new DashboardOptions(System.Net.IPAddress.Loopback, Port: 0), TimeProvider.System, CancellationToken.None);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Browser, Args = ["--no-sandbox"] });
        // Waiting for a function evaluates text, which the page's policy forbids.
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 1000 }, BypassCSP = true });
        page.SetDefaultTimeout(120_000);
        await page.GotoAsync(server.Address.ToString());
        await page.Locator(".marks path").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        Report.Line($"  page opened as the server starts: everything is shown {starting.Elapsed.TotalSeconds:F2} s after the command began");

        var first = new List<double>();
        for (var run = 0; run < 5; run++)
        {
            await page.GotoAsync("about:blank");
            await page.GotoAsync(server.Address.ToString());
            await page.WaitForFunctionAsync("() => performance.getEntriesByName('shown').length > 0");
            first.Add(await page.EvaluateAsync<double>("() => performance.getEntriesByName('shown')[0].startTime + performance.getEntriesByName('shown')[0].duration"));
        }

        Report.Line($"  first view: {Report.Median(first):F0} ms from the request of the page to its picture (5 runs: {first.Min():F0} – {first.Max():F0})");
        var round = intervals;
        foreach (var view in Views)
        {
            await page.EvaluateAsync("view => { location.hash = '#/0' + (view === '' ? '' : '/' + view) }", view);
            await page.EvaluateAsync("() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
            await page.EvaluateAsync("() => performance.clearMeasures('shown')");
            for (var update = 1; update <= Updates; update++)
            {
                await RunRoundAsync(store, decisions, round++);
                await page.WaitForFunctionAsync("count => performance.getEntriesByName('shown').length >= count", update);
                await Task.Delay(300);
            }

            var took = await page.EvaluateAsync<double[]>("() => performance.getEntriesByName('shown').map(entry => entry.duration)");
            Report.Line($"  update of {(view.Length == 0 ? "overview" : view)} by an interval of each member: {Report.Median(took):F0} ms from its arrival to its picture ({took.Length}: {took.Min():F0} – {took.Max():F0})");
        }
    }

    private static async Task CreateAsync(JournalStore store) => await store.TransactAsync(static transaction =>
    {
        StudyScheduler.Create(transaction, Spec, "bench");
        StudyScheduler.Join(transaction, new WorkerState(Worker, "node", 1, BootId: null, StartTime: 0, Slots: Members));
        return true;
    });

    /// <summary>An interval of each member in one transaction: scores grow, noisily, faster with a good learning rate.</summary>
    private static async Task RunRoundAsync(JournalStore store, MemberDecisions decisions, int round) => await store.TransactAsync(transaction =>
    {
        var claimed = new List<Assignment>(Members);
        while (claimed.Count < Members && StudyScheduler.Claim(transaction, Worker, held: null) is ClaimResult.Claimed { Assignment: var assignment })
            claimed.Add(assignment);

        foreach (var assignment in claimed)
        {
            var rate = Math.Log10(assignment.Hyperparameters["learning_rate"].Number);
            var noise = Math.Sin((assignment.Member.Value * 12.9898) + (round * 78.233));
            var score = (Math.Log(1 + round) * (10 - Math.Abs(rate + 3))) + noise;
            StudyScheduler.Report(transaction, Worker, assignment.Attempt, new AttemptResult.Completed(score, 1000, TimeSpan.FromSeconds(1), [], ImmutableSortedDictionary<string, double>.Empty.Add("loss", noise)), decisions);
        }

        return true;
    });
}
