using Pbt.Harness;

namespace Pbt.Chaos.Faults;

/// <summary>SIGKILL to a worker.</summary>
internal sealed class KillWorker : Fault
{
    public override string Kind => "kill worker";

    public override int Weight => 3;

    public override Task<bool?> InflictAsync(Battlefield field)
    {
        if (field.Any(field.Workers()) is not { } victim || !Signals.Send(victim.Pid, Signal.Kill))
            return Task.FromResult<bool?>(false);

        field.Timeline.Add($"{Kind} {victim.Pid}");
        return Task.FromResult<bool?>(true);
    }
}

/// <summary>SIGKILL to a trainer, as by the out-of-memory killer.</summary>
internal sealed class KillTrainer : Fault
{
    public override string Kind => "kill trainer";

    public override int Weight => 4;

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        await field.UntilAsync(() => field.Trainers().Count > 0, TimeSpan.FromSeconds(3));
        if (field.Any(field.Trainers()) is not { } victim || !field.MayStrike(victim) || !Signals.Send(victim.Pid, Signal.Kill))
            return false;

        field.Timeline.Add($"{Kind} {victim.Pid}: member {victim.Environment["PBT_MEMBER"]}, interval {victim.Environment["PBT_INTERVAL"]}");
        return true;
    }
}

/// <summary>SIGKILL to <c>pbt run</c>.</summary>
internal sealed class KillRun : Fault
{
    public override string Kind => "kill pbt run";

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        await field.UntilAsync(() => field.Fleet.Run is not null, TimeSpan.FromSeconds(2));
        if (field.Fleet.Run is not { } run)
            return false;

        run.Send(Signal.Kill);
        field.Timeline.Add($"{Kind} {run.Pid}");
        return true;
    }
}
