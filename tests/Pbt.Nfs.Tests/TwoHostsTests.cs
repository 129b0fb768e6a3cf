namespace Pbt.Nfs.Tests;

/// <summary>What holds when several hosts share a study's directory over NFS. The scenarios are in Pbt.Nfs.TestHost.</summary>
public sealed class TwoHostsTests(TwoHostsFixture hosts) : IClassFixture<TwoHostsFixture>
{
    [NfsFact]
    public void The_server_takes_the_hosts_for_different_clients() => hosts.Passed("clients");

    [NfsFact]
    public void Processes_on_both_hosts_give_no_version_twice_and_lose_nothing_acknowledged() => hosts.Passed("processes");

    [NfsFact]
    public void A_host_that_has_mounted_the_directory_twice_is_refused() => hosts.Passed("twice");

    [NfsFact]
    public void What_one_host_committed_the_other_reads_at_once() => hosts.Passed("visible");

    [NfsFact]
    public void A_commit_wakes_who_waits_on_the_other_host() => hosts.Passed("wakes");

    [NfsFact]
    public void Heartbeats_are_seen_to_move_on_the_other_host() => hosts.Passed("heartbeats");

    [NfsFact]
    public void A_checkpoint_is_found_by_a_host_that_looked_for_it_too_early() => hosts.Passed("checkpoints");

    [NfsFact]
    public void What_one_host_wrote_and_closed_the_other_does_not_take_for_torn() => hosts.Passed("closed");

    [NfsFact]
    public void What_a_killed_writer_tore_the_other_host_cuts() => hosts.Passed("torn");

    [NfsFact]
    public void A_journal_that_was_replaced_on_one_host_is_not_written_on_the_other() => hosts.Passed("replaced");

    [NfsFact]
    public void A_writer_that_is_killed_in_a_transaction_frees_the_lock_for_the_other_host() => hosts.Passed("killed");

    [NfsFact]
    public void A_host_that_is_cut_off_loses_the_lock_after_the_servers_lease_and_writes_nothing_when_it_is_back() => hosts.Passed("cut-off");

    [NfsFact]
    public void A_study_on_two_hosts_comes_out_as_on_a_local_disk() => hosts.Passed("study");
}
