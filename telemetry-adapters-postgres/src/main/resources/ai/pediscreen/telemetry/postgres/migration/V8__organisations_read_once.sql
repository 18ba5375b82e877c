-- In a query of its own the list of organisations is read once for a statement. Without, it was read
-- once for each event that was entered, which took most of the time where there were many of both.
ALTER POLICY own_organisation ON event_ledger
  USING (org_id = ANY (CAST(
    (SELECT CAST(nullif(current_setting('telemetry.orgs', true), '') AS text[])) AS text[])));
