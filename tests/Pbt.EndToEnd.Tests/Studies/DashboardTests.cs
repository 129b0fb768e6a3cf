using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary><c>pbt dashboard</c> as its user meets it.</summary>
public sealed partial class DashboardTests : IDisposable
{
    private readonly Study _study = new();

    [PageFact]
    public async Task It_says_where_the_page_is_and_ends_by_a_signal()
    {
        await RunStudyAsync();
        await using var dashboard = _study.Start("dashboard", _study.Dir);
        var (address, token) = await AddressAsync(dashboard);
        using var client = new HttpClient { BaseAddress = address };

        Assert.StartsWith("<!doctype html>", await client.GetStringAsync("/"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"control\":false", await client.GetStringAsync("/api/access"), StringComparison.Ordinal);
        client.DefaultRequestHeaders.Add("X-Pbt-Token", token);
        Assert.Contains("\"control\":true", await client.GetStringAsync("/api/access"), StringComparison.Ordinal);

        dashboard.Send(Signal.Interrupt);
        (await dashboard.EndAsync()).Expect(0).Saying("1 study at http://127.0.0.1:", "Ctrl-C ends it");
    }

    [PageFact]
    public async Task A_port_that_is_taken_is_said_to_be()
    {
        await RunStudyAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        (await _study.PbtAsync("dashboard", _study.Dir, "--port", port)).Expect(2).Saying($"127.0.0.1:{port} cannot be listened on", "--port 0 takes a free port");
    }

    [Fact]
    public async Task Where_there_is_no_study_it_says_so()
    {
        (await _study.PbtAsync("dashboard", "nowhere")).Expect(2).Saying("there is no directory nowhere");
        Directory.CreateDirectory(_study.At("empty"));
        (await _study.PbtAsync("dashboard", "empty")).Expect(2).Saying("there is no study in empty");
        (await _study.PbtAsync("dashboard")).Expect(2);
        (await _study.PbtAsync("dashboard", "nowhere", "--port", "70000")).Expect(2).Saying("--port is 70000");
        (await _study.PbtAsync("dashboard", "nowhere", "--host", "not-an-address")).Expect(2).Saying("--host is 'not-an-address'");
    }

    [PageFact]
    public async Task Stop_on_the_page_cancels_the_jobs_of_the_workers_too()
    {
        _study.Script("submit", "cd \"${0%/*}\"; mkdir -p jobs; : >jobs/job-$$; echo job-$$\n");
        _study.Script("status", "ls \"${0%/*}/jobs\" | sed 's/$/ WAITING/'\n");
        _study.Script("cancel", "cd \"${0%/*}\"; mkdir -p cancelled; mv \"jobs/$1\" cancelled/\n");
        _study.Spec($$"""
            name: queued
            population: 2
            objective: { metric: q, goal: maximize }
            interval: { steps: 10 }
            budget: { intervals: 3 }
            hyperparameters: { h0: { type: float, min: 0, max: 10 }, h1: { type: float, min: 0, max: 10 } }
            trainer: { builtin: quadratic }
            backend:
              kind: submit
              poll: 200ms
              submit: ["{{_study.At("submit")}}", "{worker_arguments}"]
              job_id: { regex: '^(job-[0-9]+)$' }
              status: ["{{_study.At("status")}}"]
              state: { regex: '^{job} (\w+)$' }
              states: { waiting: [WAITING], running: [RUNNING], completed: [DONE] }
              cancel: ["{{_study.At("cancel")}}", "{job}"]
            """);
        await using var run = _study.StartRun();
        await Eventually.HoldsAsync("two jobs wait", () => run.Printed.Contains("2 workers wait", StringComparison.Ordinal), () => run.Printed);
        run.Send(Signal.Interrupt);
        (await run.EndAsync()).Expect(3).Saying("its workers go on");
        var jobs = Files("jobs");
        await using var dashboard = _study.Start("dashboard", _study.Dir);
        var (address, token) = await AddressAsync(dashboard);
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("X-Pbt-Token", token);

        using var answer = await client.PostAsync(new Uri("/api/studies/0/stop", UriKind.Relative), content: null);

        Assert.Contains("2 jobs cancelled", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, jobs.Count);
        Assert.Equal(jobs, Files("cancelled"));
        Assert.Empty(Files("jobs"));
        dashboard.Send(Signal.Interrupt);
        (await dashboard.EndAsync()).Expect(0);
    }

    public void Dispose() => _study.Dispose();

    private List<string> Files(string folder) => [.. Directory.GetFiles(_study.At(folder)).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private async Task RunStudyAsync()
    {
        _study.Spec("""
            name: shown
            population: 2
            objective: { metric: q, goal: maximize }
            interval: { steps: 10 }
            budget: { intervals: 2 }
            hyperparameters: { h0: { type: float, min: 0, max: 10 }, h1: { type: float, min: 0, max: 10 } }
            trainer: { builtin: quadratic }
            """);
        (await _study.RunAsync(slots: 1)).Expect(0);
    }

    private static async Task<(Uri Address, string Token)> AddressAsync(PbtProcess dashboard)
    {
        var found = await Eventually.HasAsync("the address is printed", () => Printed().Match(dashboard.Printed) is { Success: true } match ? match : null, () => dashboard.Printed);
        return (new Uri(found.Groups["address"].Value), found.Groups["token"].Value);
    }

    [GeneratedRegex(@"(?<address>http://127\.0\.0\.1:[0-9]+/)#token=(?<token>\S+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Printed();

    /// <summary>A test that needs the page.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PageFactAttribute : FactAttribute
    {
        public PageFactAttribute() =>
            Skip = File.Exists(Path.Combine(SystemPython.Repository, "artifacts", "page", "page.js")) ? null : "the page was not built: apt-get install nodejs npm";
    }
}
