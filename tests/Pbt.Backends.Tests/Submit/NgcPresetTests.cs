using Pbt.Backends.Submit;
using Pbt.Core.Studies;

namespace Pbt.Backends.Tests.Submit;

/// <summary>The command lines of NGC's program.</summary>
public sealed class NgcPresetTests
{
    private static readonly NgcBackendSpec Ngc = new() { WorkingDirectory = "/", Directory = "/ws/study", Instance = "dgx.1", Image = "nvcr.io/o/i:1", Result = "/result" };

    [Fact]
    public void Keys_become_the_documented_options()
    {
        var ngc = Ngc with
        {
            Name = "ml-model.{name}",
            Org = "my {org}",
            Team = "t",
            Ace = "ace-1",
            Workspaces = ["w1:/ws:RW", "w2:/two"],
            Datasets = ["12:/data"],
            Priority = "HIGH",
            Preempt = "RUNONCE",
            TotalRuntime = TimeSpan.FromHours(2),
            CommandLine = "cd /ws && {worker}",
            Arguments = ["--label", "a b"],
        };

        Assert.Equal(
            [
                "ngc", "batch", "run", "--name", "ml-model.job-1", "--org", "my {org}", "--team", "t", "--ace", "ace-1", "--instance", "dgx.1", "--image", "nvcr.io/o/i:1",
                "--workspace", "w1:/ws:RW", "--workspace", "w2:/two", "--datasetid", "12:/data", "--result", "/result", "--priority", "HIGH", "--preempt", "RUNONCE",
                "--total-runtime", "7200S", "--label", "a b", "--commandline", "cd /ws && pbt worker '/ws/a b'", "--format_type", "json",
            ],
            Commands(ngc, null).Submit("job-1"));
        Assert.Equal(["ngc", "batch", "info", "9", "--format_type", "json", "--org", "my {org}", "--team", "t"], Commands(ngc, null).Status("job-1", "9"));
        Assert.Equal(["ngc", "batch", "kill", "9", "--org", "my {org}", "--team", "t"], Commands(ngc, null).Cancel("job-1", "9"));
        Assert.Equal("get", Commands(ngc with { StatesBy = "get" }, null).Status("job-1", "9")[2]);
    }

    [Fact]
    public void A_template_of_IsaacGymEnvs_is_understood()
    {
        const string Text = "ngc batch run --name \"{{ name }}\" --org nvidian --team=t --ace nv-us-west-2 \\\n --instance dgx1v.16g.1.norm --image \"nvcr.io/a\" --workspace ws:/ws:RW --result /result --commandline \"{{ experiment_cmd }}\"\n";
        var commands = Commands(Ngc with { Template = "job.template" }, Text);

        Assert.Equal(
            [
                "ngc", "batch", "run", "--name", "job-1", "--org", "nvidian", "--team=t", "--ace", "nv-us-west-2", "--instance", "dgx1v.16g.1.norm", "--image", "nvcr.io/a",
                "--workspace", "ws:/ws:RW", "--result", "/result", "--commandline", "pbt worker '/ws/a b'", "--format_type", "json",
            ],
            commands.Submit("job-1"));
        Assert.Equal(["ngc", "batch", "info", "9", "--format_type", "json", "--org", "nvidian", "--team", "t"], commands.Status("job-1", "9"));
    }

    [Theory]
    [InlineData("python run.py", "is no command line of NGC's program")]
    [InlineData("ngc batch run --name {{ name }}", "does not say what the job is to run")]
    [InlineData("ngc batch run --commandline '{{ experiment_cmd }}'", "does not name the job")]
    [InlineData("ngc batch run --format_type csv --name {{ name }} --commandline '{{ experiment_cmd }}'", "--format_type other than json")]
    public void A_template_that_lacks_something_is_refused(string text, string message)
    {
        var error = Assert.Throws<InvalidRequestException>(() => NgcPreset.Templates(Ngc with { Template = "f" }, text));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ws/study", "w:/ws:RW", false, false, true)]
    [InlineData("/ws/study", "w:/ws", false, false, true)]
    [InlineData("/ws", "w:/ws/", false, false, true)]
    [InlineData("/wsx/study", "w:/ws", false, false, false)]
    [InlineData("/ws/study", "w:/ws:RO", false, false, false)]
    [InlineData("/ws/study", "w:/ws:RO", true, true, false)]
    [InlineData("/tmp/study", "w:/ws", true, true, true)]
    [InlineData("/tmp/study", "w:/ws", true, false, false)]
    [InlineData("/tmp/study", null, false, true, false)]
    [InlineData("/tmp/study", null, false, false, false)]
    public void A_study_that_containers_cannot_reach_is_refused(string directory, string? workspace, bool isInDatabase, bool hasCheckpointStore, bool isReached)
    {
        var ngc = Ngc with { Directory = directory, Workspaces = workspace is null ? [] : [workspace] };

        Assert.Equal(isReached, NgcPreset.Objection(ngc, NgcPreset.Templates(ngc, null).Submit, isInDatabase, hasCheckpointStore) is null);
    }

    [Fact]
    public void Every_state_of_the_program_is_known()
    {
        // The states that the source of ngc's program lists (TERMINAL_STATES and STATES_BEFORE_TERMINAL).
        string[] known =
        [
            "CANCELED", "CREATED", "FAILED", "FAILED_RUN_LIMIT_EXCEEDED", "FINISHED_SUCCESS", "IM_INTERNAL_ERROR", "INFINITY_POOL_MISSING", "KILLED_BY_ADMIN",
            "KILLED_BY_SYSTEM", "KILLED_BY_USER", "PENDING_STORAGE_CREATION", "PENDING_TERMINATION", "PREEMPTED", "PREEMPTED_BY_ADMIN", "QUEUED", "REQUESTING_RESOURCE",
            "RESOURCE_CONSUMPTION_REQUEST_IN_PROGRESS", "RESOURCE_GRANTED", "RESOURCE_GRANT_DENIED", "RESOURCE_LIMIT_EXCEEDED", "RESOURCE_RELEASED", "RUNNING", "STARTING",
            "TASK_LOST", "UNKNOWN",
        ];
        var states = NgcPreset.States;

        Assert.Equal(known, states.Waiting.Concat(states.Running).Concat(states.Completed).Concat(states.Failed).Order(StringComparer.Ordinal));
    }

    private static JobCommands Commands(NgcBackendSpec ngc, string? template) => new(NgcPreset.Templates(ngc, template), "job", ["pbt", "worker", "/ws/a b"], "/ws", Slots: 1);
}
