using Pbt.EndToEnd.Tests.Harness;
using Pbt.Testing;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>Studies whose events are in a PostgreSQL database; each test has a server of its own.</summary>
public sealed class PostgresTests : IAsyncLifetime
{
    private const string Secret = "s3cret-of-the-test";
    private PostgresServer? _server;

    private PostgresServer Server => _server!;

    public async Task InitializeAsync() => _server = PostgresServer.Missing is null ? await PostgresServer.StartNewAsync() : null;

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [PostgresFact]
    public async Task A_server_killed_in_mid_study_changes_nothing_and_workers_wait_for_it()
    {
        using var plain = Create();
        (await plain.RunAsync(slots: 2)).Expect(0);
        var expected = await DigestAsync(plain);

        using var study = Create();
        var address = await Server.CreateDatabaseAsync("demo");
        await using var run = study.StartRun(slots: 2, "--store", address);
        foreach (var intervals in (int[])[4, 10])
        {
            await CompletedAsync(study, address, intervals);
            await Server.KillAsync();
            await Eventually.HoldsAsync("pbt run says that the server is away", () => run.Printed.Contains("cannot be reached", StringComparison.Ordinal) || run.Printed.Contains("connection to", StringComparison.Ordinal), study.Describe);
            (await study.PbtAsync("status", study.Dir)).Expect(3).Saying("nothing is lost");
            Assert.False(run.HasExited);
            await Server.StartAsync();
        }

        (await run.EndAsync(study.Describe, seconds: 180)).Expect(0);
        Assert.Equal(expected, await DigestAsync(study));
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying("0 differ");
    }

    [PostgresFact]
    public async Task A_study_in_a_database_is_forked_into_a_directory_and_into_a_database()
    {
        using var study = Create();
        File.AppendAllText(study.SpecPath, "checkpoints: { keep: all }\n");
        (await study.RunAsync(slots: 4, "--store", await Server.CreateDatabaseAsync("demo"))).Expect(0);
        var other = await Server.CreateDatabaseAsync("other");

        (await study.PbtAsync("fork", study.Dir, "--at", "2", "--dir", study.At("outside"))).Expect(0);
        (await study.PbtAsync("fork", study.Dir, "--at", "2", "--dir", study.At("inside"), "--store", other)).Expect(0);
        (await study.PbtAsync("status", study.Dir)).Expect(0).Saying("outside").Saying("inside");
        (await study.PbtAsync("run", study.At("outside/study.yaml"), "--dir", study.At("outside"))).Expect(0);
        (await study.PbtAsync("run", study.At("inside/study.yaml"), "--dir", study.At("inside"), "--store", other)).Expect(0);

        foreach (var fork in (string[])["outside", "inside"])
        {
            (await study.PbtAsync("status", study.At(fork))).Expect(0).Saying("demo after interval 2");
            (await study.PbtAsync("verify", study.At(fork))).Expect(0).Saying("0 differ");
        }
    }

    [PostgresFact]
    public async Task A_study_is_copied_from_store_to_store_and_goes_on_in_each()
    {
        using var study = Create();
        (await study.RunAsync(slots: 4)).Expect(0);
        var expected = await DigestAsync(study);
        var address = await Server.CreateDatabaseAsync("demo");

        (await study.PbtAsync("copy", study.Dir, address, "--dir", study.At("inside"))).Expect(0).Saying(expected);
        (await study.PbtAsync("copy", study.At("inside"), study.At("outside"))).Expect(0).Saying(expected);
        (await study.PbtAsync("copy", study.At("outside"), address)).Expect(2).Saying("already");
        (await study.PbtAsync("copy", study.At("outside"), study.Dir)).Expect(2).Saying("not empty");

        Assert.Equal(File.ReadAllText(Path.Combine(study.Dir, "journal.jsonl")), File.ReadAllText(Path.Combine(study.At("outside"), "journal.jsonl")));
        study.Replace("budget: { intervals: 5 }", "budget: { intervals: 6 }");
        study.Dir = study.At("inside");
        (await study.RunAsync(slots: 4)).Expect(2).Saying("--store");
        (await study.RunAsync(slots: 4, "--store", address)).Expect(0);
        var inside = await DigestAsync(study);
        study.Dir = study.At("outside");
        (await study.RunAsync(slots: 4, "--store", address)).Expect(2).Saying("in its journal");
        (await study.RunAsync(slots: 4)).Expect(0);
        Assert.Equal(await DigestAsync(study), inside);
    }

    [PostgresFact]
    public async Task Of_two_workers_one_at_a_time_runs_hooks_and_each_is_run_once()
    {
        using var study = Create().Script("note.sh", "cat >>told\n");
        File.AppendAllText(study.SpecPath, "on: { interval: [./note.sh], finished: [./note.sh] }\n");
        var address = await Server.CreateDatabaseAsync("demo");
        await using var run = study.StartRun(slots: 1, "--store", address);
        await CompletedAsync(study, address, 1);
        await using var second = study.StartWorker(slots: 1);
        (await run.EndAsync(study.Describe)).Expect(0);
        (await second.EndAsync(study.Describe)).Expect(0);

        var told = File.ReadAllLines(study.At("told")).Select(static line => Study.Parse(line).GetProperty("version").GetInt64());
        Assert.Equal(Query("SELECT string_agg(version::text, ',' ORDER BY version) FROM pbt.events WHERE type IN ('interval_completed', 'study_ended')", address.Split('/', '?')[3]), string.Join(',', told));
    }

    [PostgresFact]
    public async Task The_password_is_nowhere()
    {
        await Server.QueryAsync($"ALTER ROLE {PostgresServer.User} PASSWORD '{Secret}'");
        var address = $"postgres://{PostgresServer.User}@127.0.0.1:{Server.Port}/postgres?study=demo";
        using var study = Create().With("PGPASSWORD", Secret);
        (await study.RunAsync(slots: 2, "--store", address.Replace("@", $":{Secret}@", StringComparison.Ordinal))).Expect(2).Saying("PGPASSWORD");
        await using var run = study.StartRun(slots: 2, "--store", address);
        await study.TrainersAsync();
        foreach (var process in Directory.GetDirectories("/proc").Where(static path => int.TryParse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                Assert.DoesNotContain(Secret, File.ReadAllText(Path.Combine(process, "cmdline")), StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        var output = (await run.EndAsync(study.Describe)).Expect(0);
        Assert.DoesNotContain(Secret, output.Out + output.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await Server.QueryAsync("SELECT string_agg(data, '') FROM pbt.events"), StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(study.Dir, "*", SearchOption.AllDirectories), static file => Assert.DoesNotContain(Secret, File.ReadAllText(file), StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task A_sweep_keeps_each_run_as_a_study_of_its_own_and_finds_them_again()
    {
        using var sweep = SweepStudy.Create("seeds: 1-2");
        var address = await Server.CreateDatabaseAsync("sweep");
        var database = address[..address.IndexOf("study=", StringComparison.Ordinal)].TrimEnd('?', '&');
        (await sweep.SweepAsync("--store", address)).Expect(2).Saying("each run of a sweep is a study of its own in the database; remove study=…");
        (await sweep.SweepAsync("--store", database, "--only", "*/seed-1")).Expect(0);

        Assert.Equal(2, (await sweep.ReportAsync()).Count);
        (await sweep.SweepAsync("--store", database)).Expect(0).Saying("1 of 2 runs to do");
        (await sweep.SweepAsync()).Expect(0).Saying("0 of 2 runs to do");
        Assert.Empty(sweep.Journals());
        Assert.Equal("s/demo/seed-1 s/demo/seed-2", Query("SELECT string_agg(name, ' ' ORDER BY name) FROM pbt.studies", address.Split('/', '?')[3]).Trim());

        sweep.Write("seeds: 1-2\n    set: { budget.intervals: 4 }");
        (await sweep.SweepAsync()).Expect(0).Saying("2 of 2 runs to do");
    }

    private static Study Create() => new Study()
        .Script("train.sh", Trainers.Deterministic)
        .Spec(Trainers.Spec(population: 4, intervals: 5, mode: "synchronous", seconds: 0.2));

    private static async Task<string> DigestAsync(Study study) => (await study.StatusAsync()).GetProperty("outcome_digest").GetString()!;

    private async Task CompletedAsync(Study study, string address, int intervals)
    {
        var database = address.Split('/', '?')[3];
        await Eventually.HoldsAsync(
            $"{intervals} intervals are completed",
            () => int.TryParse(
                Query("SELECT count(*) FROM pbt.events WHERE type = 'interval_completed'", database), System.Globalization.CultureInfo.InvariantCulture, out var count) && count >= intervals,
            study.Describe,
            seconds: 90);
    }

    private string Query(string sql, string database)
    {
        try
        {
            return Server.QueryAsync(sql, database).GetAwaiter().GetResult();
        }
        catch (InvalidOperationException)
        {
            // The tables are not made yet.
            return string.Empty;
        }
    }
}
