using Pbt.Harness;

namespace Pbt.Chaos.Faults;

/// <summary>One more worker joins.</summary>
internal sealed class StartWorker : Fault
{
    public override string Kind => "start worker";

    public override Task<bool?> InflictAsync(Battlefield field) => Task.FromResult<bool?>(field.Fleet.StartExtra());
}

/// <summary>SIGTERM to a worker: it ends what it runs within its grace, or gives it back.</summary>
internal sealed class StopPolitely : Fault
{
    public override string Kind => "stop worker politely";

    public override Task<bool?> InflictAsync(Battlefield field)
    {
        if (field.Any(field.Workers()) is not { } victim || !Signals.Send(victim.Pid, Signal.Terminate))
            return Task.FromResult<bool?>(false);

        field.Timeline.Add($"{Kind} {victim.Pid}");
        return Task.FromResult<bool?>(true);
    }
}

/// <summary><c>pbt pause</c>, a moment, <c>pbt resume</c>.</summary>
internal sealed class PauseAndResume : Fault
{
    public override string Kind => "pause and resume";

    public override int Weight => 1;

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        field.Timeline.Add(Kind);
        var paused = await field.PbtAsync("pause", field.Study.Dir);
        await field.PauseAsync(field.Between(50, 400));
        return await field.PbtAsync("resume", field.Study.Dir) && paused;
    }
}

/// <summary><c>pbt gc</c> while others work.</summary>
internal sealed class CollectGarbage : Fault
{
    public override string Kind => "gc meanwhile";

    public override int Weight => 1;

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        field.Timeline.Add(Kind);
        return await field.PbtAsync("gc", field.Study.Dir);
    }
}

/// <summary><c>pbt status</c> and <c>pbt verify</c> while others work.</summary>
internal sealed class Observe : Fault
{
    public override string Kind => "status and verify meanwhile";

    public override int Weight => 1;

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        field.Timeline.Add(Kind);
        return await field.PbtAsync("status", field.Study.Dir, "--json") && await field.PbtAsync("verify", field.Study.Dir);
    }
}
