-- As json an event is kept in the characters in which it came, in which it is read again as well. As
-- jsonb it was taken apart for nothing, and a number like 1e-300 became three hundred characters for
-- whoever read it. Writes all stored events anew.
ALTER TABLE event ALTER COLUMN payload TYPE json;
