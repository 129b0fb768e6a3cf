using System.Text.Json;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

/// <summary>The backends that submit by other programs, as a spec has them.</summary>
public sealed class SubmitBackendTests
{
    private const string Tsp =
        "{ kind: submit, submit: [tsp, -L, \"{name}\", \"{worker_arguments}\"], status: [tsp, -s, \"{job}\"], cancel: [tsp, -k, \"{job}\"], " +
        "job_id: { regex: '^([0-9]+)$' }, state: { regex: '^(.+)$' }, states: { waiting: [queued], running: [running], completed: [finished] }, gone: cannot }";

    private const string Ngc = "{ kind: ngc, directory: /ws/study, instance: dgx, image: nvcr.io/a/b:1, result: /result, workspaces: [\"ws:/ws:RW\"], total_runtime: 2h }";

    [Theory]
    [InlineData(Tsp)]
    [InlineData(Ngc)]
    [InlineData("{ kind: ngc, directory: /ws/study, template: job.template, states_by: get }")]
    public void What_is_written_reads_back_as_the_same(string backend)
    {
        var spec = Specs.Valid(("backend", backend));

        var text = SpecWriter.ToJson(spec);

        Assert.Equal(text, SpecWriter.ToJson(Specs.Read(text)));
    }

    [Fact]
    public void A_submit_backend_is_read_whole()
    {
        var submit = Assert.IsType<SubmitBackendSpec>(Specs.Valid(("backend", Tsp)).Backend);

        Assert.Equal("tsp", submit.Scheduler);
        Assert.Equal(["tsp", "-L", "{name}", "{worker_arguments}"], submit.Templates.Submit.SelectMany(static a => a.Parts));
        Assert.Equal(new PatternRule("^([0-9]+)$"), submit.Templates.JobId);
        Assert.Equal("cannot", submit.Templates.Gone);
        Assert.Equal(Specs.Directory, submit.Templates.WorkingDirectory);
        Assert.Equal(TimeSpan.FromMinutes(2), submit.Templates.Timeout);
    }

    [Theory]
    [InlineData("submit: [tsp, \"{worker_arguments}\"]", "submit: tsp", "backend.submit", "no shell splits it")]
    [InlineData("\"{worker_arguments}\"", "\"{work}\"", "backend.submit[3]", "{work} is nothing that this program is told; there are {name}")]
    [InlineData("\"{worker_arguments}\"", "\"x {worker_arguments}\"", "backend.submit", "it has to be an argument by itself")]
    [InlineData("\"{worker_arguments}\"", "sleep", "backend.submit", "nothing says what the job is to run")]
    [InlineData("tsp, -k, \"{job}\"", "tsp, -k, \"{id}\"", "backend.cancel[2]", "{id} is nothing that this program is told; there are {job}, {name}, {study}")]
    [InlineData("tsp, -k, \"{job}\"", "tsp, -k", "backend.cancel", "it does not say which job")]
    [InlineData("job_id: { regex: '^([0-9]+)$' }, ", "", "backend.job_id", "{job} is used")]
    [InlineData("'^([0-9]+)$'", "'^[0-9]+$'", "backend.job_id.regex", "the regular expression has no group")]
    [InlineData("'^([0-9]+)$'", "'^([0-9]+$'", "backend.job_id.regex", "the regular expression does not compile")]
    [InlineData("{ regex: '^([0-9]+)$' }", "{ json: job.id }", "backend.job_id.json", "is no JSON path: it has to begin with $")]
    [InlineData("{ regex: '^([0-9]+)$' }", "{ json: [$.id, '$..id'] }", "backend.job_id.json[1]", "write .name, ['any name'] or [0]")]
    [InlineData("{ regex: '^([0-9]+)$' }", "{ regex: '(.)', json: $.id }", "backend.job_id", "write either regex")]
    [InlineData("tsp, -s, \"{job}\"", "tsp", "backend.state", "the regular expression has to find its line")]
    [InlineData("running: [running]", "running: [queued]", "backend.states.running[0]", "'queued' is listed twice, the first time as waiting")]
    [InlineData("running: [running], ", "", "backend.states", "no word says that a job runs")]
    [InlineData("gone: cannot", "directory: here", "backend.directory", "it has to be absolute")]
    [InlineData("gone: cannot", "at_once: 0", "backend.at_once", "0 is below 1")]
    [InlineData("gone: cannot", "org: nvidia", "backend.org", "'org' belongs to backend ngc, not to submit")]
    public void A_mistake_is_told_with_its_place(string old, string @new, string path, string message)
    {
        var backend = Tsp.Replace(old.StartsWith("submit:", StringComparison.Ordinal) ? "submit: [tsp, -L, \"{name}\", \"{worker_arguments}\"]" : old, @new, StringComparison.Ordinal);

        var errors = Specs.Errors(Specs.Yaml(("backend", backend)));

        Assert.Contains(errors, error => string.Equals(error.Path, path, StringComparison.Ordinal) && error.Message.Contains(message, StringComparison.Ordinal) && error is { Line: > 1, Column: > 1 });
    }

    [Theory]
    [InlineData("{ kind: ngc }", "backend.directory", "is missing; write where the study's directory is in the container")]
    [InlineData("{ kind: ngc, directory: /ws }", "backend.instance", "is missing; write instance:")]
    [InlineData("{ kind: ngc, directory: /ws, template: f, org: nvidia }", "backend.org", "a template is the whole command line")]
    [InlineData("{ kind: ngc, directory: /ws, instance: a, image: b, result: /r, workspaces: [ws] }", "backend.workspaces[0]", "'ws' is no mount")]
    [InlineData("{ kind: ngc, directory: /ws, instance: a, image: b, result: /r, name: job }", "backend.name", "it lacks {name}")]
    [InlineData("{ kind: ngc, directory: /ws, instance: a, image: b, result: /r, commandline: \"run {job}\" }", "backend.commandline", "{job} is not known here; there is {worker}")]
    [InlineData("{ kind: ngc, directory: /ws, instance: a, image: b, result: /r, priority: high }", "backend.priority", "did you mean 'HIGH'?")]
    public void A_mistake_about_ngc_is_told_with_its_place(string backend, string path, string message) =>
        Assert.Contains(Specs.Errors(Specs.Yaml(("backend", backend))), error => string.Equals(error.Path, path, StringComparison.Ordinal) && error.Message.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("$.job.id", "7")]
    [InlineData("$['job']['id']", "7")]
    [InlineData("$.list[1].a", "two")]
    [InlineData("$[\"a b\"].c", "true")]
    [InlineData("$.Jobs['{job}'].state", "R")]
    [InlineData("$.job", null)]
    [InlineData("$.nothing.here", null)]
    [InlineData("$.list[9]", null)]
    [InlineData("$.job[0]", null)]
    public void A_json_path_leads_to_one_value(string path, string? expected)
    {
        using var document = JsonDocument.Parse("""{ "job": { "id": 7 }, "list": [{}, { "a": "two" }], "a b": { "c": true }, "Jobs": { "12.host": { "state": "R" } } }""");

        Assert.Equal(expected, JsonPlace.TryParse(path, out _)!.Find(document.RootElement, static text => text.Replace("{job}", "12.host", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("job")]
    [InlineData("$.")]
    [InlineData("$..id")]
    [InlineData("$.*")]
    [InlineData("$[x]")]
    [InlineData("$['x'")]
    [InlineData("$[?(@.id)]")]
    [InlineData("$x")]
    public void What_is_no_json_path_is_refused(string path)
    {
        Assert.Null(JsonPlace.TryParse(path, out var objection));
        Assert.NotEmpty(objection!);
    }
}
